"""What was promised and what came of it: one payment per order."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from storefront.payments.arrival import write_days


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
    AUTHORISED = "authorised", _("Reserved, not taken yet")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Not paid in time")
    MISMATCH = "mismatch", _("Paid, but not what was agreed")
    NEEDS_REFUND = "needs_refund", _("Paid after the order was cancelled")


class PaymentWay(models.TextChoices):
    """How an order's money comes: through Stripe, or from bank to bank without it."""

    STRIPE = "stripe", _("Stripe")
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")


OPEN_STATES = (PaymentState.AWAITING, PaymentState.PROCESSING)
# What Stripe may still decide, by itself or because we ask it to.
UNDECIDED_STATES = (*OPEN_STATES, PaymentState.AUTHORISED)
# What can still be cancelled at Stripe.
CANCELLABLE_STATES = (PaymentState.AWAITING, PaymentState.AUTHORISED)
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
    way = models.CharField(
        _("way to pay"), max_length=16, choices=PaymentWay.choices, default=PaymentWay.STRIPE
    )
    reference = models.UUIDField(_("reference"), unique=True, default=uuid.uuid4, editable=False)
    attempt_key = models.CharField(
        _("idempotency key"), max_length=64, unique=True, help_text=_("Written before Stripe is asked.")
    )
    attempted_at = models.DateTimeField(_("Stripe first asked at"), null=True)
    intent_id = models.CharField(_("payment intent"), max_length=255, unique=True, null=True)
    is_hosted = models.BooleanField(
        _("paid on a page of Stripe's"),
        default=False,
        help_text=_("As the shop was set when it was ordered."),
    )
    session_id = models.CharField(_("checkout session"), max_length=255, unique=True, null=True)
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
    # As promised when it was ordered; nothing where the goods wait for a bank transfer, of which nobody knows the day.
    arrives_from = models.DateField(_("arrives from"), null=True)
    arrives_by = models.DateField(_("arrives by"), null=True)
    expires_at = models.DateTimeField(_("stock is kept until"))
    captures_later = models.BooleanField(
        _("taken when sent"), default=False, help_text=_("As the shop was set when it was ordered.")
    )
    saves_card = models.BooleanField(_("card is kept"), default=False)
    authorised_at = models.DateTimeField(_("reserved at"), null=True)
    capture_before = models.DateTimeField(_("reserved until"), null=True)
    # Only where less than the whole amount was taken.
    taken = models.DecimalField(_("amount taken"), max_digits=14, decimal_places=3, null=True)
    paid_at = models.DateTimeField(_("paid at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmation sent at"), null=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        permissions = [
            ("confirm_transfer", _("Can confirm and cancel bank transfers")),
            ("capture_payment", _("Can take or release reserved money")),
        ]
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
                condition=~Q(state="paid")
                | Q(intent_id__isnull=False)
                | Q(way="bank_transfer")
                | Q(amount=0),
            ),
            models.CheckConstraint(
                name="payment_taken_is_at_most_the_amount",
                condition=Q(taken__isnull=True) | Q(taken__gte=0, taken__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="payment_authorised_has_moment",
                condition=~Q(state="authorised") | Q(authorised_at__isnull=False, intent_id__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_arrival_is_a_span",
                condition=Q(arrives_from__isnull=True, arrives_by__isnull=True)
                | Q(arrives_from__isnull=False, arrives_by__isnull=False, arrives_by__gte=F("arrives_from")),
            ),
            models.CheckConstraint(
                name="payment_way_is_known", condition=Q(way__in=[way.value for way in PaymentWay])
            ),
            models.CheckConstraint(
                name="payment_transfer_has_no_intent",
                condition=~Q(way="bank_transfer") | Q(intent_id__isnull=True),
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
    def is_transfer(self) -> bool:
        return self.way == PaymentWay.BANK_TRANSFER

    @property
    def is_authorised(self) -> bool:
        return self.state == PaymentState.AUTHORISED

    @property
    def is_placed(self) -> bool:
        """Whether the shopper has done all that can be done in the shop, and nothing has ended the order."""
        waits = self.is_transfer and self.is_awaiting
        return waits or self.state in (PaymentState.PROCESSING, PaymentState.AUTHORISED, PaymentState.PAID)

    @property
    def promised_days(self) -> str:
        """The days an accepted order arrives, as promised when it was ordered, in the language in force."""
        is_accepted = (self.is_paid or self.is_authorised) and self.order.status != "Cancelled"
        return write_days(self.arrives_from, self.arrives_by) if is_accepted else ""

    @property
    def taken_amount(self) -> Decimal:
        """What was taken of a paid order: less than promised where only a part was sent."""
        return self.amount if self.taken is None else self.taken

    @property
    def is_paid(self) -> bool:
        return self.state == PaymentState.PAID
