"""What was promised and what came of it: one payment per order, every event once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OrderNumber(models.Model):
    """A row per number taken: its key is the sequence. A rolled-back order leaves a gap, never a double."""

    OFFSET = 100_000

    taken_at = models.DateTimeField(_("taken at"))

    class Meta:
        verbose_name = _("order number")
        verbose_name_plural = _("order numbers")

    def __str__(self) -> str:
        return f"{settings.ORDER_NUMBER_PREFIX}{self.OFFSET + self.pk}"


class PaymentState(models.TextChoices):
    AWAITING = "awaiting", _("Awaiting payment")
    PROCESSING = "processing", _("Being processed by the bank")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Not paid in time")
    MISMATCH = "mismatch", _("Paid, but not what was agreed")
    NEEDS_REFUND = "needs_refund", _("Paid after the order was cancelled")


OPEN_STATES = (PaymentState.AWAITING, PaymentState.PROCESSING)
CLOSED_UNPAID_STATES = (PaymentState.CANCELLED, PaymentState.EXPIRED)
FINAL_STATES = (PaymentState.PAID, PaymentState.MISMATCH, PaymentState.NEEDS_REFUND)


class Payment(models.Model):
    """The money promised for an order, and the one payment intent that carries it."""

    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, related_name="payment", verbose_name=_("order")
    )
    # One basket is ordered once, however often its form is sent.
    basket = models.OneToOneField(
        "basket.Basket",
        on_delete=models.SET_NULL,
        null=True,
        related_name="payment",
        verbose_name=_("basket"),
    )
    reference = models.UUIDField(_("reference"), unique=True, default=uuid.uuid4, editable=False)
    attempt_key = models.CharField(
        _("idempotency key"), max_length=64, unique=True, help_text=_("Written before Stripe is asked.")
    )
    attempted_at = models.DateTimeField(_("Stripe first asked at"), null=True)
    intent_id = models.CharField(_("payment intent"), max_length=255, unique=True, null=True)
    amount = models.DecimalField(_("amount promised"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    is_live = models.BooleanField(_("real money"))
    language = models.CharField(_("shopper's language"), max_length=12)
    state = models.CharField(
        _("state"), max_length=16, choices=PaymentState.choices, default=PaymentState.AWAITING
    )
    decline = models.CharField(_("last decline"), max_length=500, blank=True)
    method = models.CharField(_("paid with"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("stock is kept until"))
    paid_at = models.DateTimeField(_("paid at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmation sent at"), null=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="payment_state_expires"),
        ]
        constraints = [
            models.CheckConstraint(
                name="payment_state_is_known", condition=Q(state__in=[state.value for state in PaymentState])
            ),
            models.CheckConstraint(name="payment_amount_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="payment_paid_has_moment", condition=~Q(state="paid") | Q(paid_at__isnull=False)
            ),
            models.CheckConstraint(
                name="payment_paid_has_intent",
                condition=~Q(state="paid") | Q(intent_id__isnull=False) | Q(amount=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}, {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_awaiting(self) -> bool:
        return self.state == PaymentState.AWAITING

    @property
    def is_paid(self) -> bool:
        return self.state == PaymentState.PAID


class OrderTax(models.Model):
    """Under which terms an order was taxed, and how much at each rate: stored once, never reckoned anew."""

    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, related_name="tax_terms", verbose_name=_("order")
    )
    market_code = models.CharField(_("market"), max_length=12)
    language = models.CharField(_("language"), max_length=12)
    prices_include_tax = models.BooleanField(_("prices include tax"))
    treatment = models.CharField(_("treatment"), max_length=24)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    note = models.TextField(_("note for the invoice"), blank=True, help_text=_("In the shopper's language."))
    vat_id = models.CharField(_("customer's VAT id"), max_length=20, blank=True)
    vat_check = models.ForeignKey(
        "markets.VatIdCheck",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("check of the VAT id"),
    )
    rates = models.JSONField(
        _("tax by rate"),
        default=list,
        help_text=_("country, rate in per cent, net, tax and gross of each rate, delivery included."),
    )

    class Meta:
        verbose_name = _("tax of an order")
        verbose_name_plural = _("tax of orders")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.market_code}: {self.treatment}"


class StripeEvent(models.Model):
    """A webhook's event, stored before it is handled. Its body is not kept: money is re-read from Stripe."""

    event_id = models.CharField(_("event"), max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=128)
    object_id = models.CharField(_("object"), max_length=255, blank=True)
    is_live = models.BooleanField(_("real money"))
    created_at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("first received at"))
    tries = models.PositiveIntegerField(_("tries"), default=0)
    done_at = models.DateTimeField(_("handled at"), null=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
