"""The books Stripe keeps of our money, line for line, and where they differ from ours."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from storefront.core.money import shown_amount


class BalanceTransaction(models.Model):
    """One line of Stripe's books: money into or out of the balance. Amounts are signed, in the balance's currency."""

    transaction_id = models.CharField(_("balance transaction"), max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=64)
    category = models.CharField(_("reporting category"), max_length=64)
    source_id = models.CharField(_("object"), max_length=255, blank=True, db_index=True)
    payment = models.ForeignKey(
        "payments.Payment",
        on_delete=models.PROTECT,
        null=True,
        related_name="balance_transactions",
        verbose_name=_("payment"),
    )
    amount = models.DecimalField(_("gross"), max_digits=14, decimal_places=3)
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=3)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    charged_amount = models.DecimalField(
        _("amount in the customer's currency"), max_digits=14, decimal_places=3, null=True
    )
    charged_currency = models.CharField(_("customer's currency"), max_length=3, blank=True)
    exchange_rate = models.DecimalField(_("exchange rate"), max_digits=20, decimal_places=10, null=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("booked at"))
    available_on = models.DateTimeField(_("available on"))

    class Meta:
        verbose_name = _("balance transaction")
        verbose_name_plural = _("balance transactions")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.type} {self.net} {self.currency}"


class PayoutStatus(models.TextChoices):
    """Stripe's own words (docs.stripe.com/api/payouts/object, status)."""

    PENDING = "pending", _("Not sent yet")
    IN_TRANSIT = "in_transit", _("On its way to your bank")
    PAID = "paid", _("Paid out")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Withdrawn")


class Payout(models.Model):
    """Money Stripe sent to the merchant's bank."""

    payout_id = models.CharField(_("payout"), max_length=255, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=16, choices=PayoutStatus.choices)
    is_automatic = models.BooleanField(_("made by Stripe's schedule"))
    arrives_on = models.DateField(_("at your bank on"))
    created_at = models.DateTimeField(_("made at"))
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)
    bank_reference = models.CharField(_("words on the bank statement"), max_length=255, blank=True)
    itemised_at = models.DateTimeField(_("lines read at"), null=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{shown_amount(self.amount, self.currency)} {self.currency}, {self.arrives_on}"


class PayoutLine(models.Model):
    """A balance transaction that a payout paid out: the way from an order to the bank statement."""

    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, related_name="lines", verbose_name=_("payout")
    )
    transaction = models.OneToOneField(
        BalanceTransaction,
        on_delete=models.PROTECT,
        related_name="payout_line",
        verbose_name=_("balance transaction"),
    )

    class Meta:
        verbose_name = _("payout line")
        verbose_name_plural = _("payout lines")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.payout_id}: {self.transaction_id}"


class FindingKind(models.TextChoices):
    INTENT_WITHOUT_ORDER = "intent_without_order", _("Money without an order")
    MISMATCH = "mismatch", _("Paid, but not what was agreed")
    NEEDS_REFUND = "needs_refund", _("Paid after the order was cancelled")
    AUTHORISATION_ENDS = "authorisation_ends", _("Reserved money ends soon")
    CAPTURE_FAILED = "capture_failed", _("Sent, but not paid")
    REFUND_UNCLEAR = "refund_unclear", _("Refund without an answer")
    REFUND_FAILED = "refund_failed", _("Refund failed")
    REFUNDED_TOO_MUCH = "refunded_too_much", _("More refunded than was paid")
    DISPUTE = "dispute", _("Dispute to answer")
    FRAUD_WARNING = "fraud_warning", _("Early fraud warning")
    NOT_IN_STRIPES_BOOKS = "not_in_stripes_books", _("Not in Stripe's books")
    BOOKS_DIFFER = "books_differ", _("Stripe's books say another amount")
    NOT_IN_OUR_BOOKS = "not_in_our_books", _("In Stripe's books, not in ours")
    PAYOUT_FAILED = "payout_failed", _("Payout failed")
    PAYOUT_DIFFERS = "payout_differs", _("Payout and its lines differ")
    EVENT_UNHANDLED = "event_unhandled", _("Event that could not be handled")


class FindingState(models.TextChoices):
    OPEN = "open", _("To do")
    RESOLVED = "resolved", _("Gone by itself")
    DONE = "done", _("Dealt with")


class Finding(models.Model):
    """A difference between our books and Stripe's, or a thing that only a person can decide. One per matter."""

    kind = models.CharField(_("what"), max_length=32, choices=FindingKind.choices)
    object_id = models.CharField(_("object"), max_length=255)
    payment = models.ForeignKey(
        "payments.Payment",
        on_delete=models.PROTECT,
        null=True,
        related_name="findings",
        verbose_name=_("payment"),
    )
    facts = models.JSONField(_("facts"), default=dict)
    state = models.CharField(
        _("state"), max_length=16, choices=FindingState.choices, default=FindingState.OPEN
    )
    due_at = models.DateTimeField(_("until"), null=True)
    found_at = models.DateTimeField(_("found at"))
    seen_at = models.DateTimeField(_("last seen at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="finding_is_one_per_matter", fields=["kind", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.object_id})"

    @property
    def is_open(self) -> bool:
        return self.state == FindingState.OPEN
