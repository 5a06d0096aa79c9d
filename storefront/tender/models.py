"""Gift cards and store credit: an account each, and the entries that made its balance."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    GIFT_CARD = "gift_card", _("Gift card")
    STORE_CREDIT = "store_credit", _("Store credit")


class EntryReason(models.TextChoices):
    ISSUED = "issued", _("Issued")
    SPENT = "spent", _("Paid an order")
    RETURNED = "returned", _("Returned from an order")


class CreditAccount(models.Model):
    """A gift card, which pays for whoever has its code, or a customer's store credit.

    Of a code only the hash is kept: who reads the database cannot spend it. Written by `services` only.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=AccountKind.choices)
    code_hash = models.CharField(_("hash of the code"), max_length=64, unique=True, null=True, editable=False)
    code_end = models.CharField(_("code ends in"), max_length=4, blank=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="credit_accounts",
        verbose_name=_("customer"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=3, default=0)
    is_blocked = models.BooleanField(
        _("blocked"), default=False, help_text=_("Pays nothing while it is blocked.")
    )
    expires_on = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("Its last day, in UTC. Empty: it does not expire."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For the back office alone."))
    created_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("gift card or store credit")
        verbose_name_plural = _("gift cards and store credit")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="credit_balance_is_not_negative", condition=Q(balance__gte=0)),
            models.CheckConstraint(
                name="credit_has_code_or_customer",
                condition=Q(kind="gift_card", code_hash__isnull=False, customer__isnull=True)
                | Q(kind="store_credit", code_hash__isnull=True, customer__isnull=False),
            ),
            models.UniqueConstraint(
                name="credit_one_per_customer_and_currency",
                fields=["customer", "currency"],
                condition=Q(kind="store_credit"),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == AccountKind.GIFT_CARD:
            return str(_("Gift card …%(end)s") % {"end": self.code_end})
        return str(AccountKind.STORE_CREDIT.label)

    def can_pay(self, *, currency: str, now: datetime) -> bool:
        """Say whether it pays anything in `currency` now."""
        is_valid = self.expires_on is None or now.date() <= self.expires_on
        return is_valid and not self.is_blocked and self.currency == currency and self.balance > 0


class CreditEntry(models.Model):
    """One movement of an account: append-only, guarded by triggers. The balance is the sum of its entries."""

    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="entries", verbose_name=_("account")
    )
    key = models.CharField(_("key"), max_length=64, unique=True, help_text=_("What may happen only once."))
    reason = models.CharField(_("reason"), max_length=16, choices=EntryReason.choices)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=3, help_text=_("Below zero when it paid.")
    )
    balance_after = models.DecimalField(_("balance afterwards"), max_digits=14, decimal_places=3)
    order = models.ForeignKey(
        "order.Order",
        on_delete=models.PROTECT,
        null=True,
        related_name="credit_entries",
        verbose_name=_("order"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="credit_entry_leaves_no_debt", condition=Q(balance_after__gte=0)),
            models.CheckConstraint(
                name="credit_entry_sign_follows_reason",
                condition=Q(reason="spent", amount__lt=0, order__isnull=False)
                | Q(reason="returned", amount__gt=0, order__isnull=False)
                | Q(reason="issued", amount__gt=0, order__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.amount}"
