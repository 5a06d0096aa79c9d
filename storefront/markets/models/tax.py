"""Where the seller pays tax, how products are taxed, and what was learnt about customers' VAT ids."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from storefront.markets.tax.assessment import VatIdAnswer

_is_country = RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, such as DE."))


class Threshold(models.TextChoices):
    ABOVE = "above", _("EUR 10,000 a year or more, or not sure")
    BELOW = "below", _("Less than EUR 10,000 this year and last")


class TaxSetup(BaseGenericSetting, ClusterableModel):
    """What decides which tax the shop charges; one row. Filled with the tax adviser."""

    established_in = models.CharField(
        _("company's country"),
        max_length=2,
        blank=True,
        validators=[_is_country],
        help_text=_("Two letters, such as CN: where the company that sells is registered."),
    )
    ships_from = models.CharField(
        _("goods leave from"),
        max_length=2,
        blank=True,
        validators=[_is_country],
        help_text=_(
            "The country of the warehouse, such as DE. Until it is filled, every order is charged the tax of the"
            " country it goes to."
        ),
    )
    uses_oss = models.BooleanField(
        _("one-stop shop (OSS)"),
        default=False,
        help_text=_("Tick it if you report sales to consumers in other EU countries through the OSS."),
    )
    threshold = models.CharField(
        _("sales to consumers in other EU countries"),
        max_length=8,
        choices=Threshold.choices,
        default=Threshold.ABOVE,
        help_text=_(
            "Only for companies in the EU: below EUR 10,000 a year they may charge their own country's VAT."
        ),
    )
    uses_ioss = models.BooleanField(
        _("import one-stop shop (IOSS)"),
        default=False,
        help_text=_("Tick it if you send parcels up to EUR 150 from outside the EU under an IOSS number."),
    )
    is_importer = models.BooleanField(
        _("we import in our own name"),
        default=False,
        help_text=_("Tick it if parcels arrive duty and tax paid (DDP) under your own registration there."),
    )
    vat_id = models.CharField(
        _("our EU VAT id"),
        max_length=20,
        blank=True,
        help_text=_(
            "Sent when a customer's VAT id is checked, so that the answer carries a consultation number."
        ),
    )

    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("established_in"), FieldPanel("ships_from")])],
            heading=_("Where you are"),
            help_text=_("Fill this page with your tax adviser: it decides which tax the shop charges."),
        ),
        InlinePanel(
            "registrations",
            heading=_("Where you are registered"),
            label=_("Registration"),
            help_text=_("Every country, and every state of the US, in which you report tax."),
        ),
        MultiFieldPanel(
            [FieldPanel("uses_oss"), FieldPanel("threshold"), FieldPanel("vat_id")],
            heading=_("Selling inside the EU"),
        ),
        MultiFieldPanel(
            [FieldPanel("uses_ioss"), FieldPanel("is_importer")], heading=_("Sending parcels from abroad")
        ),
    ]

    class Meta:
        verbose_name = _("tax setup")
        verbose_name_plural = _("tax setup")


class TaxRegistration(models.Model):
    """A tax number in one country, in the US in one state, with the days it covers."""

    setup = ParentalKey(
        TaxSetup, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("tax setup")
    )
    country = models.CharField(_("country"), max_length=2, validators=[_is_country])
    region = models.CharField(
        _("state"),
        max_length=8,
        blank=True,
        help_text=_("Only for the United States: two letters, such as TX."),
    )
    number = models.CharField(_("number"), max_length=40)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day it no longer covers.")
    )

    panels = [
        FieldRowPanel([FieldPanel("country"), FieldPanel("region"), FieldPanel("number")]),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
    ]

    class Meta:
        verbose_name = _("tax registration")
        verbose_name_plural = _("tax registrations")
        ordering = ["country", "region", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["setup", "country", "region", "valid_from"], name="markets_registration_once"
            ),
            models.CheckConstraint(
                name="markets_registration_days_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.country} {self.region} {self.number}".replace("  ", " ")


class ProductTaxClass(models.Model):
    """How a product is taxed where that is not the standard rate; a variant takes its parent's."""

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, related_name="tax_class", verbose_name=_("product")
    )
    tax_class = models.CharField(
        _("tax class"),
        max_length=24,
        choices=[
            ("standard", _("Standard rate")),
            ("books", _("Printed books")),
            ("food", _("Food")),
            ("none", _("Not taxed, such as a gift voucher")),
        ],
    )
    stripe_code = models.CharField(
        _("Stripe tax code"),
        max_length=32,
        blank=True,
        help_text=_("Such as txcd_99999999. Only for Stripe Tax."),
    )

    class Meta:
        verbose_name = _("tax class of a product")
        verbose_name_plural = _("tax classes of products")
        ordering = ["product_id"]

    def __str__(self):
        return self.get_tax_class_display()


class Answer(models.TextChoices):
    VALID = VatIdAnswer.VALID.value, _("Valid")
    INVALID = VatIdAnswer.INVALID.value, _("Not valid")
    UNAVAILABLE = VatIdAnswer.UNAVAILABLE.value, _("No answer")


class VatIdCheck(models.Model):
    """One question to VIES and its answer; a merchant may correct it and must say why. The answer itself stays."""

    vat_id = models.CharField(_("VAT id"), max_length=20)
    country = models.CharField(_("country"), max_length=2)
    answer = models.CharField(_("answer"), max_length=16, choices=Answer.choices)
    consultation_number = models.CharField(_("consultation number"), max_length=64, blank=True)
    checked_at = models.DateTimeField(_("checked at"))
    raw_answer = models.TextField(
        _("answer as received"), blank=True, help_text=_("Cut after 2,000 characters.")
    )
    corrected_answer = models.CharField(_("corrected to"), max_length=16, blank=True, choices=Answer.choices)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    correction_reason = models.CharField(_("reason of the correction"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("VAT id check")
        verbose_name_plural = _("VAT id checks")
        ordering = ["-checked_at", "-pk"]
        indexes = [models.Index(fields=["vat_id", "checked_at"], name="markets_vat_check_lookup")]
        constraints = [
            models.CheckConstraint(
                name="markets_vat_check_correction_whole",
                condition=Q(corrected_answer="", corrected_at=None, correction_reason="")
                | (
                    Q(corrected_answer__in=["valid", "invalid"], corrected_at__isnull=False)
                    & ~Q(correction_reason="")
                    & Q(corrected_by__isnull=False)
                ),
            ),
        ]

    def __str__(self):
        return f"{self.vat_id}: {self.answer_in_force}"

    @property
    def answer_in_force(self) -> str:
        """The merchant's correction where there is one, else what VIES said."""
        return self.corrected_answer or self.answer
