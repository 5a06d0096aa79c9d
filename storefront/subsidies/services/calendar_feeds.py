"""Open a project's deadlines to somebody's calendar program by a secret address, and close it again."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from storefront.evidence.services import record_event
from storefront.subsidies.models import CalendarFeed, Project
from storefront.subsidies.secret_keys import key_hash
from storefront.subsidies.services.versions import roles_in


@transaction.atomic
def open_feed(*, project: Project, language: str, by: Any, now: datetime) -> tuple[CalendarFeed, str]:
    """Open a feed for a member and return it with its key, which is told this once only. Raises EntryRefused."""
    roles_in(project, by=by)
    key = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        project=project, key_sha256=key_hash(key), language=language, created_by=by, created_at=now
    )
    record_event(verb="calendar.opened", subject=project.subject, by=by, now=now, feed=feed.pk)
    return feed, key


@transaction.atomic
def close_feed(*, feed: CalendarFeed, by: Any, now: datetime) -> None:
    """Close a feed at once; any member of the project may, and one that is closed stays so. Raises EntryRefused."""
    feed = CalendarFeed.objects.select_for_update(of=("self",)).select_related("project").get(pk=feed.pk)
    roles_in(feed.project, by=by)
    if feed.revoked_at is None:
        feed.revoked_at = now
        feed.save(update_fields=["revoked_at"])
        record_event(verb="calendar.closed", subject=feed.project.subject, by=by, now=now, feed=feed.pk)


def find_feed(*, key: str) -> CalendarFeed | None:
    """Return the open feed with this key, as long as whoever opened it is an active member of the project."""
    feed = (
        CalendarFeed.objects.filter(key_sha256=key_hash(key), revoked_at=None, created_by__is_active=True)
        .select_related("project__call", "project__site")
        .first()
    )
    is_members = feed and feed.project.members.filter(user=feed.created_by_id).exists()
    return feed if is_members else None
