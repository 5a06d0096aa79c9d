"""What happened to a payment, in order, for the person who looks at its order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from storefront.core.money import shown_amount
from storefront.payments.models import CaptureState, Payment, PaymentState, Payout, TransferReceipt
from storefront.payments.stripe_words import dispute_reason, fraud_type


@dataclass(frozen=True)
class Moment:
    """One thing that happened; `detail` adds to the sentence, `who` is empty for what no person did."""

    at: datetime
    sentence: str
    detail: str = ""
    who: str = ""
    is_alarm: bool = False


def timeline_of(payment: Payment) -> list[Moment]:
    """Return what happened, oldest first. A constant number of queries."""
    moments = [Moment(payment.created_at, _("Ordered"), _amount(payment.amount, payment.currency))]
    if payment.authorised_at:
        moments.append(_reserved(payment, at=payment.authorised_at))
    if payment.paid_at:
        moments.append(_paid(payment, at=payment.paid_at))
    if payment.confirmed_at:
        moments.append(Moment(payment.confirmed_at, _("Confirmation mailed")))
    if payment.state == PaymentState.AWAITING and payment.decline:
        moments.append(Moment(payment.created_at, _("Declined"), payment.decline, is_alarm=True))
    moments += [
        *_captures(payment),
        *_refunds(payment),
        *_bank(payment),
        *_findings(payment),
        *_payouts(payment),
    ]
    # Stripe's moments are whole seconds: within one the order above is the order of things.
    return sorted(moments, key=lambda moment: moment.at.replace(microsecond=0))


def _reserved(payment: Payment, *, at: datetime) -> Moment:
    until = payment.capture_before
    if until is None:
        return Moment(at, _("Money reserved"), payment.method)
    detail = _("%(method)s, until %(day)s") % {"method": payment.method, "day": until.date().isoformat()}
    return Moment(at, _("Money reserved"), detail)


def _captures(payment: Payment) -> list[Moment]:
    moments = []
    for capture in payment.captures.select_related("requested_by").order_by("pk"):
        amount = _amount(capture.amount, capture.currency)
        who = str(capture.requested_by) if capture.requested_by else ""
        moments.append(Moment(capture.requested_at, _("Reserved money asked for"), amount, who))
        if capture.state == CaptureState.REFUSED:
            detail = f"{amount}. {capture.failure}"
            moments.append(Moment(capture.changed_at, capture.get_state_display(), detail, is_alarm=True))
    return moments


def _paid(payment: Payment, *, at: datetime) -> Moment:
    if not payment.is_transfer:
        if payment.taken_amount == payment.amount:
            return Moment(at, _("Paid"), payment.method)
        return Moment(
            at, _("Taken in part, the rest released"), _amount(payment.taken_amount, payment.currency)
        )
    receipt = TransferReceipt.objects.select_related("confirmed_by").filter(payment=payment).first()
    if receipt is None:
        return Moment(at, _("Paid"), payment.method)
    detail = (
        f"{_amount(receipt.amount, receipt.currency)}, {receipt.received_on.isoformat()} {receipt.statement}"
    )
    who = str(receipt.confirmed_by) if receipt.confirmed_by else ""
    return Moment(at, _("Bank transfer confirmed"), detail.strip(), who)


def _refunds(payment: Payment) -> list[Moment]:
    moments = []
    for refund in payment.refunds.select_related("requested_by").order_by("pk"):
        amount = _amount(refund.amount, refund.currency)
        sentence = _("Refund made at Stripe") if refund.is_external else _("Refund asked for")
        if payment.is_transfer:
            sentence = _("Sent back from the bank")
        who = str(refund.requested_by) if refund.requested_by else ""
        detail = f"{amount}. {refund.note}" if refund.note else amount
        moments.append(Moment(refund.requested_at, sentence, detail, who))
        outcome = f"{amount}. {refund.failure}" if refund.failure else amount
        is_alarm = not refund.is_live
        moments.append(Moment(refund.changed_at, refund.get_state_display(), outcome, is_alarm=is_alarm))
        if refund.told_at:
            moments.append(Moment(refund.told_at, _("Customer told of the refund"), amount))
    return moments


def _bank(payment: Payment) -> list[Moment]:
    moments = []
    for dispute in payment.disputes.order_by("pk"):
        amount = _amount(dispute.amount, dispute.currency)
        moments.append(
            Moment(
                dispute.opened_at,
                _("The bank disputes the payment"),
                f"{amount} ({dispute_reason(dispute.reason)})",
                is_alarm=True,
            )
        )
        if dispute.changed_at > dispute.opened_at:
            status = dispute.get_status_display()
            moments.append(Moment(dispute.changed_at, status, amount, is_alarm=dispute.blocks_refunds))
    for warning in payment.fraud_warnings.order_by("pk"):
        moments.append(
            Moment(warning.warned_at, _("Early fraud warning"), fraud_type(warning.fraud_type), is_alarm=True)
        )
    return moments


def _findings(payment: Payment) -> list[Moment]:
    closed = payment.findings.filter(closed_at__isnull=False).select_related("closed_by").order_by("pk")
    return [
        Moment(
            finding.closed_at,
            f"{finding.get_kind_display()}: {finding.get_state_display()}",
            finding.note,
            str(finding.closed_by) if finding.closed_by else "",
        )
        for finding in closed
        if finding.closed_at
    ]


def _payouts(payment: Payment) -> list[Moment]:
    payouts = Payout.objects.filter(lines__transaction__payment=payment).distinct().order_by("pk")
    return [
        Moment(
            payout.created_at,
            _("In a payout to your bank"),
            _("%(payout)s, at your bank on %(day)s")
            % {"payout": payout.payout_id, "day": payout.arrives_on.isoformat()},
        )
        for payout in payouts
    ]


def _amount(amount: Decimal, currency: str) -> str:
    return f"{shown_amount(amount, currency)} {currency}"
