"""Every write of this app: log what a visitor chose, forget what is old."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from storefront.consent.models import Choice, Purpose
from storefront.consent.remembered import services_in_use

KEPT_DAYS = 3 * 366  # as long as a claim can be brought (BGB § 195)


def log_choice(
    *, token: UUID, purposes: Iterable[str], language: str, market_code: str, now: datetime
) -> Choice:
    """Keep what a visitor agreed to; what is no purpose is left out. A change of mind is another row."""
    return Choice.objects.create(
        token=token,
        purposes=sorted(set(purposes) & set(Purpose.values)),
        asked=[service.name for service in services_in_use()],
        language=language,
        market_code=market_code,
        chosen_at=now,
    )


def forget_old_choices(*, now: datetime) -> int:
    """Delete what nobody needs to prove any more; return how many."""
    return Choice.objects.filter(chosen_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]
