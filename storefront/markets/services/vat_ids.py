"""Check customers' VAT ids with VIES, keep the answers, let a merchant correct them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from stdnum.eu import vat
from stdnum.exceptions import InvalidComponent, ValidationError

from storefront.markets import vies
from storefront.markets.errors import CorrectionRefused, VatIdMalformed
from storefront.markets.models import TaxSetup, VatIdCheck
from storefront.markets.tax.assessment import Customer, VatIdAnswer

ANSWER_LASTS = timedelta(days=1)
_NOT_A_BUSINESS = ("EU", "IM")  # numbers of the one-stop shops, which stdnum knows too
_DECIDED = (VatIdAnswer.VALID.value, VatIdAnswer.INVALID.value)


def read_vat_id(text: str) -> str:
    """Return a VAT id as VIES writes it, prefix first (EL for Greece). Raises VatIdMalformed."""
    typed = "".join(text.split()).upper()
    try:
        if typed[:2] in _NOT_A_BUSINESS:
            raise InvalidComponent()
        number = vat.validate(typed)
    except ValidationError as error:
        raise VatIdMalformed(
            _("%(vat_id)s is not a VAT id of the EU. It begins with two letters for the country, such as DE.")
            % {"vat_id": text.strip()[:40] or _("Nothing")}
        ) from error
    return "EL" + number[2:] if number.startswith("GR") else number


def check_vat_id(*, vat_id: str, now: datetime) -> VatIdCheck:
    """Return the check of a VAT id: one less than a day old that was decided, else VIES is asked and it is kept.

    Raises VatIdMalformed. Call it outside any transaction: it waits for VIES up to VIES_TIMEOUT_SECONDS.
    """
    number = read_vat_id(vat_id)
    recent = _recent_check(number, now=now)
    if recent is not None:
        return recent
    requester = TaxSetup.objects.order_by("pk").values_list("vat_id", flat=True).first() or ""
    said = vies.ask_vies(
        vat_id=number,
        requester=requester,
        base_url=getattr(settings, "VIES_BASE_URL", vies.BASE_URL),
        timeout_seconds=getattr(settings, "VIES_TIMEOUT_SECONDS", vies.TIMEOUT_SECONDS),
    )
    return VatIdCheck.objects.create(
        vat_id=number,
        country="GR" if number.startswith("EL") else number[:2],
        answer=said.answer.value,
        consultation_number=said.consultation_number,
        checked_at=now,
        raw_answer=said.raw,
    )


def correct_vat_check(*, check: VatIdCheck, answer: str, by, reason: str, now: datetime) -> VatIdCheck:
    """Write down what a merchant found out otherwise, who and why; what VIES said stays.

    Raises CorrectionRefused. Orders already placed keep their tax: a difference is refunded, not recomputed.
    """
    if answer not in _DECIDED:
        raise CorrectionRefused(_("A correction says valid or not valid."))
    if not reason.strip():
        raise CorrectionRefused(
            _("Say why: a tax audit will ask. For example, the certificate you were sent.")
        )
    with transaction.atomic():
        kept = VatIdCheck.objects.select_for_update().get(pk=check.pk)
        kept.corrected_answer = answer
        kept.corrected_by = by
        kept.corrected_at = now
        kept.correction_reason = reason.strip()[:500]
        kept.save(update_fields=["corrected_answer", "corrected_by", "corrected_at", "correction_reason"])
    return kept


def customer_of(check: VatIdCheck | None) -> Customer:
    """Return the customer as tax is assessed for them: a consumer, or a business with a checked VAT id."""
    if check is None:
        return Customer()
    return Customer(vat_id=check.vat_id, vat_id_answer=VatIdAnswer(check.answer_in_force))


def _recent_check(number: str, *, now: datetime) -> VatIdCheck | None:
    recent = VatIdCheck.objects.filter(vat_id=number).order_by("-checked_at", "-pk")[:20]
    for check in recent:
        decided_at = check.corrected_at or check.checked_at
        if check.answer_in_force in _DECIDED and now - ANSWER_LASTS < decided_at:
            return check
    return None
