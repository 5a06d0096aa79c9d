"""Money that goes back: refunds, disputes, and the warnings that come before a dispute."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from storefront.core.money import shown_amount


class RefundState(models.TextChoices):
    REQUESTED = "requested", _("Asked for, Stripe has not answered yet")
    PENDING = "pending", _("Being refunded")
    REQUIRES_ACTION = "requires_action", _("Waits for the customer")
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed: the money is back with you")
    CANCELED = "canceled", _("Withdrawn")
    REFUSED = "refused", _("Refused by Stripe")


# What counts against the amount captured: money that has left, or may have.
LIVE_REFUND_STATES = (
    RefundState.REQUESTED,
    RefundState.PENDING,
    RefundState.REQUIRES_ACTION,
    RefundState.SUCCEEDED,
)
# Stripe's states only move to the right, so an answer read earlier and written later changes nothing.
REFUND_RANK: dict[str, int] = {
    RefundState.REQUESTED: 0,
    RefundState.REFUSED: 0,
    RefundState.PENDING: 1,
    RefundState.REQUIRES_ACTION: 2,
    RefundState.SUCCEEDED: 3,
    RefundState.FAILED: 4,
    RefundState.CANCELED: 4,
}


class RefundReason(models.TextChoices):
    """Stripe's own words (docs.stripe.com/api/refunds/create)."""

    CUSTOMER = "requested_by_customer", _("The customer asked for it")
    DUPLICATE = "duplicate", _("Paid twice")
    FRAUDULENT = "fraudulent", _("Fraud: the card's owner did not pay")


class Refund(models.Model):
    """Money given back on a payment: asked for here, or found at Stripe."""

    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    key = models.CharField(
        _("idempotency key"),
        max_length=64,
        unique=True,
        null=True,
        help_text=_("Written before Stripe is asked; empty for a refund made in Stripe's Dashboard."),
    )
    refund_id = models.CharField(_("refund at Stripe"), max_length=255, unique=True, null=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=16, choices=RefundState.choices, default=RefundState.REQUESTED
    )
    reason = models.CharField(_("reason"), max_length=32, choices=RefundReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    requested_at = models.DateTimeField(_("asked for at"))
    attempted_at = models.DateTimeField(_("Stripe first asked at"), null=True)
    changed_at = models.DateTimeField(_("state since"))
    told_at = models.DateTimeField(_("customer told at"), null=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="refund_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="refund_is_known_somewhere",
                condition=Q(key__isnull=False) | Q(refund_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{shown_amount(self.amount, self.currency)} {self.currency}, {self.get_state_display()}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_REFUND_STATES

    @property
    def is_external(self) -> bool:
        return self.key is None


class DisputeStatus(models.TextChoices):
    """Stripe's own words (docs.stripe.com/api/disputes/object, status)."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry: answer it")
    WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry: answered")
    WARNING_CLOSED = "warning_closed", _("Inquiry: closed without a dispute")
    NEEDS_RESPONSE = "needs_response", _("Answer it")
    UNDER_REVIEW = "under_review", _("Answered, the bank decides")
    PREVENTED = "prevented", _("Prevented")
    WON = "won", _("Won: the money is back with you")
    LOST = "lost", _("Lost: the money stays with the customer")


DISPUTE_RANK: dict[str, int] = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: 0,
    DisputeStatus.WARNING_UNDER_REVIEW: 1,
    DisputeStatus.WARNING_CLOSED: 2,
    DisputeStatus.NEEDS_RESPONSE: 3,
    DisputeStatus.UNDER_REVIEW: 4,
    DisputeStatus.PREVENTED: 5,
    DisputeStatus.WON: 5,
    DisputeStatus.LOST: 5,
}
ANSWERABLE_DISPUTES = (DisputeStatus.WARNING_NEEDS_RESPONSE, DisputeStatus.NEEDS_RESPONSE)
# The disputed money is with the bank: a refund now would be paid twice.
BLOCKING_DISPUTES = (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.UNDER_REVIEW, DisputeStatus.LOST)


class Dispute(models.Model):
    """A payment its customer's bank wants back, and until when to answer."""

    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, related_name="disputes", verbose_name=_("payment")
    )
    dispute_id = models.CharField(_("dispute at Stripe"), max_length=255, unique=True)
    amount = models.DecimalField(_("amount disputed"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=64)
    status = models.CharField(_("status"), max_length=32, choices=DisputeStatus.choices)
    answer_by = models.DateTimeField(_("answer until"), null=True)
    opened_at = models.DateTimeField(_("opened at"))
    changed_at = models.DateTimeField(_("status since"))

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{shown_amount(self.amount, self.currency)} {self.currency}, {self.get_status_display()}"

    @property
    def needs_answer(self) -> bool:
        return self.status in ANSWERABLE_DISPUTES

    @property
    def blocks_refunds(self) -> bool:
        return self.status in BLOCKING_DISPUTES


class EarlyFraudWarning(models.Model):
    """A card network's warning that a payment was probably made with a stolen card."""

    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, related_name="fraud_warnings", verbose_name=_("payment")
    )
    warning_id = models.CharField(_("warning at Stripe"), max_length=255, unique=True)
    fraud_type = models.CharField(_("kind of fraud"), max_length=64)
    is_actionable = models.BooleanField(_("a refund can still prevent a dispute"))
    warned_at = models.DateTimeField(_("warned at"))

    class Meta:
        verbose_name = _("early fraud warning")
        verbose_name_plural = _("early fraud warnings")
        ordering = ["-warned_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.fraud_type}, {self.warned_at:%Y-%m-%d}"
