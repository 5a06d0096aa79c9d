"""Enter exchange rates with their source."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import record_event
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import ExchangeRate
from storefront.subsidies.speech import say


@transaction.atomic
def enter_rate(
    *,
    currency: str,
    day: date,
    cny_per_unit: Decimal,
    source: str,
    by: Any,
    now: datetime,
    evidence: EvidenceVersion | None = None,
) -> ExchangeRate:
    """Store a day's rate; the same again changes nothing, another one for the same day raises EntryRefused."""
    if cny_per_unit <= 0 or not source.strip():
        raise EntryRefused(say("refused.rate"))
    rate, is_new = ExchangeRate.objects.get_or_create(
        currency=currency,
        day=day,
        defaults={"cny_per_unit": cny_per_unit, "source": source, "evidence": evidence},
    )
    if not is_new and rate.cny_per_unit != cny_per_unit:
        raise EntryRefused(say("refused.rate_known", currency=currency, day=day, rate=rate.cny_per_unit))
    if is_new:
        record_event(
            verb="rate.entered",
            subject=f"rate:{currency}",
            by=by,
            now=now,
            day=day.isoformat(),
            cny_per_unit=str(cny_per_unit),
            source=source,
        )
    return rate
