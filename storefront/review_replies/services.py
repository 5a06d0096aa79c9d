"""Every write of a reply."""

from datetime import datetime

from storefront.review_replies.models import Reply


def write_reply(*, review_id: int, body: str, now: datetime) -> None:
    """Have the shop answer a review with this text, none where it is empty; the same again changes nothing."""
    replies, body = Reply.objects.filter(review=review_id), body.strip()
    if not body:
        replies.delete()
    elif not replies.filter(body=body).exists():
        Reply.objects.update_or_create(review_id=review_id, defaults={"body": body, "written_at": now})
