"""Say which orders are the company's own, and which brands."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import record_event
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.facts.exclusions import (
    BY_ADDRESS,
    MARKED_BY,
    MARKED_REASONS,
    address_value,
    plain_value,
)
from storefront.subsidies.models import OwnBrand, SaleMark
from storefront.subsidies.services.projects import check_maker
from storefront.subsidies.speech import say


@transaction.atomic
def mark_sales(
    *, group: str, field: str, value: str, reason: str, by: Any, now: datetime, note: str = ""
) -> SaleMark:
    """Leave orders out of every figure: one by its number, or all of an e-mail, a domain or an address.

    An address is given as postcode|first line. The same mark again changes nothing. Raises EntryRefused.
    """
    check_maker(group=group, by=by)
    if field not in MARKED_BY or reason not in MARKED_REASONS:
        raise EntryRefused(say("refused.mark", field=field, reason=reason))
    if field == BY_ADDRESS:
        postcode, _, street = value.partition("|")
        value = address_value(postcode=postcode, street=street) if postcode.strip() and street.strip() else ""
    value = plain_value(value)
    if not value:
        raise EntryRefused(say("refused.mark", field=field, reason=reason))
    mark, is_new = SaleMark.objects.get_or_create(
        group=group,
        field=field,
        value=value,
        defaults={"reason": reason, "note": note, "marked_by": by, "marked_at": now},
    )
    if is_new:
        record_event(
            verb="sales.marked", subject=f"group:{group}", by=by, now=now, field=field, reason=reason
        )
    return mark


@transaction.atomic
def set_own_brand(
    *, group: str, name: str, owned_from: date, trademark: EvidenceVersion | None, by: Any, now: datetime
) -> OwnBrand:
    """Enter a brand of the group, or give it its trademark's paper; the log keeps what was said before.

    Raises EntryRefused.
    """
    check_maker(group=group, by=by)
    if not name.strip():
        raise EntryRefused(say("refused.brand"))
    brand, _ = OwnBrand.objects.update_or_create(
        group=group, name=name.strip(), defaults={"owned_from": owned_from, "trademark": trademark}
    )
    record_event(
        verb="brand.entered",
        subject=f"group:{group}",
        by=by,
        now=now,
        name=brand.name,
        owned_from=owned_from.isoformat(),
        trademark=str(trademark or ""),
    )
    return brand
