"""Bank transfers: which account customers pay to, and what a person saw arrive there."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from storefront.payments.iban import is_bic, is_iban, spaced


class BankTransferSetup(BaseGenericSetting):
    """Whether customers may pay by bank transfer, and to which account; one row."""

    is_offered = models.BooleanField(
        _("offer bank transfer"),
        default=False,
        help_text=_("Customers order now and send the money; you confirm it when it is in your account."),
    )
    account_holder = models.CharField(_("account holder"), max_length=140, blank=True)
    iban = models.CharField(
        "IBAN", max_length=42, blank=True, help_text=_("Such as DE89 3704 0044 0532 0130 00.")
    )
    bic = models.CharField("BIC / SWIFT", max_length=11, blank=True)
    bank_name = models.CharField(_("bank"), max_length=140, blank=True)
    other_details = models.TextField(
        _("other details"),
        max_length=500,
        blank=True,
        help_text=_(
            "For accounts without an IBAN: account number, routing number or sort code, one to a line. "
            "Customers see it as it stands here."
        ),
    )
    currencies = models.CharField(
        _("currencies"),
        max_length=120,
        blank=True,
        help_text=_(
            "In which the account receives money, such as EUR, CHF. Empty: in every market's currency."
        ),
    )
    days_to_pay = models.PositiveSmallIntegerField(
        _("days to pay"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_(
            "So long the articles are kept. Then the order is cancelled and its stock is free again."
        ),
    )

    panels = [
        FieldPanel("is_offered"),
        MultiFieldPanel(
            [
                FieldPanel("account_holder"),
                FieldRowPanel([FieldPanel("iban"), FieldPanel("bic")]),
                FieldPanel("bank_name"),
                FieldPanel("other_details"),
            ],
            heading=_("Account"),
        ),
        FieldRowPanel([FieldPanel("currencies"), FieldPanel("days_to_pay")]),
    ]

    class Meta:
        verbose_name = _("Bank transfer")

    def clean(self) -> None:
        """Refuse an account that no money could reach; write IBAN, BIC and currencies as banks do."""
        super().clean()
        self.iban, self.bic = spaced(self.iban), "".join(self.bic.split()).upper()
        self.currencies = ", ".join(self.currency_codes)
        errors: dict[str, str] = {}
        if self.iban and not is_iban(self.iban):
            errors["iban"] = gettext(
                "This is no IBAN: its check digits do not fit. Compare it with a bank statement."
            )
        if self.bic and not is_bic(self.bic):
            errors["bic"] = gettext("A BIC has 8 or 11 letters and digits, such as COBADEFFXXX.")
        if any(len(code) != 3 or not code.isalpha() for code in self.currency_codes):
            errors["currencies"] = gettext("Write three letters each, with commas between: EUR, CHF.")
        if self.is_offered and not self.account_holder:
            errors["account_holder"] = gettext("Customers need the name of the account's holder.")
        if self.is_offered and not (self.iban or self.other_details.strip()):
            errors["iban"] = gettext("Customers need an IBAN, or the other details of the account below.")
        if errors:
            raise ValidationError(errors)

    @property
    def currency_codes(self) -> list[str]:
        """The currencies the account takes; empty means all."""
        return self.currencies.replace(",", " ").upper().split()

    def takes(self, currency: str) -> bool:
        """Say whether an order in this currency can be paid to the account."""
        return self.is_offered and (not self.currency_codes or currency in self.currency_codes)


class TransferReceipt(models.Model):
    """A transfer that a person saw in the account: one per payment, for the whole amount."""

    payment = models.OneToOneField(
        "payments.Payment", on_delete=models.PROTECT, related_name="receipt", verbose_name=_("payment")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    received_on = models.DateField(_("in the account on"))
    statement = models.CharField(_("words on the bank statement"), max_length=255, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        verbose_name = _("received transfer")
        verbose_name_plural = _("received transfers")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="receipt_amount_is_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}, {self.received_on}"
