"""What the shop answered."""

from django.db.models import F, QuerySet

from storefront.review_replies.models import Reply


def with_replies(reviews: QuerySet) -> QuerySet:
    """Return reviews with `reply`, None where there is none, and the moment it was written at, `replied_at`."""
    return reviews.annotate(reply=F("shop_reply__body"), replied_at=F("shop_reply__written_at"))


def find_reply(review_id: int) -> str:
    """Return what the shop answered to a review, empty where it has not."""
    return Reply.objects.filter(review=review_id).values_list("body", flat=True).first() or ""
