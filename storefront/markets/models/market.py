"""A market: the countries, money and languages one offer is made in, and how goods reach them."""

from babel import Locale, UnknownLocaleError, localedata
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from storefront.core.money import locale_for
from storefront.markets.fields import CodesField
from storefront.markets.tax.rates import load_rates
from storefront.page_cache.parts import forget_part

EDITIONS_PART = "markets.editions"


class TaxRegime(models.TextChoices):
    EU_VAT = "eu_vat", _("VAT of the EU")
    UK_VAT = "uk_vat", _("VAT of the United Kingdom")
    US_SALES_TAX = "us_sales_tax", _("Sales tax of the United States")
    JP_CONSUMPTION_TAX = "jp_consumption_tax", _("Consumption tax of Japan")
    CH_VAT = "ch_vat", _("VAT of Switzerland")
    NO_VAT = "no_vat", _("VAT of Norway")
    NONE = "none", _("None: we collect no tax there")


# Whatever is bought at a distance may be sent back for so many days: Directive 2011/83/EU, Article 9; in the United
# Kingdom SI 2013/3134, regulation 30. Elsewhere it is the merchant's word.
LEGAL_RETURN_DAYS = {TaxRegime.EU_VAT.value: 14, TaxRegime.UK_VAT.value: 14}


class DeliveryTaxClass(models.TextChoices):
    SAME_AS_GOODS = "", _("As the goods")
    STANDARD = "standard", _("Standard rate")
    NOT_TAXED = "none", _("Not taxed")


class Market(ClusterableModel):
    """One offer: prices in one currency, for some countries, in some languages; the first of each is the default."""

    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("Small letters, digits and hyphens."))],
        help_text=_("Short and lasting, such as de. It is part of addresses and reports."),
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("As shoppers read it in the market's menu.")
    )
    countries = CodesField(
        _("countries"),
        help_text=_("Two-letter codes, the main one first: DE, AT. We deliver to these and to no others."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, such as EUR."))],
        help_text=_("Three letters, such as EUR. Every price of the market is in it."),
    )
    languages = CodesField(
        _("languages"), help_text=_("Codes such as de, en. The first is shown until the shopper chooses.")
    )
    prices_include_tax = models.BooleanField(
        _("prices include tax"),
        default=True,
        help_text=_(
            "The law for consumers in Europe and Japan. In the United States tax is added at checkout."
        ),
    )
    tax_regime = models.CharField(_("tax"), max_length=24, choices=TaxRegime.choices)
    amazon_marketplaces = CodesField(
        _("Amazon marketplaces"),
        default=list,
        blank=True,
        help_text=_("Codes of the marketplaces whose prices and texts belong here, such as DE."),
    )
    sells_all_stock = models.BooleanField(
        _("Amazon ships this market's orders"),
        default=False,
        help_text=_(
            "Tick it if Amazon sends what is ordered here from its warehouses (Multi-Channel Fulfilment): what lies "
            "there is then sold, too, once your own warehouse has not enough. Otherwise it is shown in the back office "
            "and not sold. You pass such orders on to Amazon yourself; the order says which lines they are."
        ),
    )
    return_days = models.PositiveSmallIntegerField(
        _("days to send goods back"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Shown beside the buy button and told to search engines. Empty: what the law gives in the EU and the "
            "United Kingdom, 14 days, elsewhere nothing is promised."
        ),
    )
    is_enabled = models.BooleanField(
        _("open"), default=False, help_text=_("Closed markets can be prepared; shoppers do not see them.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Lower comes first; the first open market is the default.")
    )

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(name="markets_market_has_country", condition=~Q(countries=[])),
            models.CheckConstraint(name="markets_market_has_language", condition=~Q(languages=[])),
            models.CheckConstraint(
                name="markets_market_regime_known",
                condition=Q(tax_regime__in=[regime.value for regime in TaxRegime]),
            ),
            models.CheckConstraint(
                name="markets_market_returns_lawful",
                condition=Q(return_days=None)
                | Q(return_days__gte=14)
                | Q(return_days__gte=1) & ~Q(tax_regime__in=list(LEGAL_RETURN_DAYS)),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Keep it, and let the next request see it."""
        super().save(*args, **kwargs)
        forget_part(EDITIONS_PART)

    def delete(self, *args, **kwargs):
        """Remove it, and let the next request see that."""
        deleted = super().delete(*args, **kwargs)
        forget_part(EDITIONS_PART)
        return deleted

    @property
    def default_language(self) -> str:
        return self.languages[0]

    @property
    def main_country(self) -> str:
        return self.countries[0]

    @property
    def is_in_eu(self) -> bool:
        """Say whether the law of the EU holds for what is sold here: its VAT does nowhere else."""
        return self.tax_regime == TaxRegime.EU_VAT

    @property
    def promised_return_days(self) -> int | None:
        """Return for how long goods may be sent back: the merchant's word, else the law's, if there is one."""
        return self.return_days or LEGAL_RETURN_DAYS.get(self.tax_regime)

    def locale(self, language: str) -> str:
        """Return how `language` is written in this market: English in the uk market is en_GB."""
        return locale_for(language=language, country=self.main_country)

    def clean(self):
        """Check codes against the CLDR, and the countries against the tax regime."""
        errors = {}
        territories = Locale("en").territories
        self.countries = [code.upper() for code in self.countries or []]
        self.amazon_marketplaces = [code.upper() for code in self.amazon_marketplaces or []]
        unknown = [code for code in self.countries if len(code) != 2 or code not in territories]
        if unknown:
            errors["countries"] = _("%(codes)s: no such country. Use two-letter codes, such as DE.") % {
                "codes": ", ".join(unknown)
            }
        elif foreign := [code for code in self.countries if not self._is_of_regime(code)]:
            errors["tax_regime"] = _(
                "%(codes)s: another tax applies there. Give those countries their own market."
            ) % {"codes": ", ".join(foreign)}
        unknown = [code for code in self.languages or [] if not _is_language(code)]
        if unknown:
            errors["languages"] = _("%(codes)s: no such language. Use codes such as de or zh-hans.") % {
                "codes": ", ".join(unknown)
            }
        if self.currency not in Locale("en").currencies:
            errors["currency"] = _("No such currency. Use three letters, such as EUR.")
        least = LEGAL_RETURN_DAYS.get(self.tax_regime, 0)
        if self.return_days is not None and self.return_days < least:
            errors["return_days"] = _("By law it is at least %(days)s days here.") % {"days": least}
        if errors:
            raise ValidationError(errors)

    def _is_of_regime(self, country: str) -> bool:
        own = load_rates().regime_of(country=country)
        return self.tax_regime == TaxRegime.NONE or not own or own == self.tax_regime


class MarketDelivery(models.Model):
    """One way goods reach a market: what it costs, from which basket on it is free, how many days it takes."""

    market = ParentalKey(
        Market, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("market")
    )
    code = models.CharField(
        _("code"),
        max_length=32,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("Small letters, digits and hyphens."))],
        help_text=_("Short and lasting, such as standard. Orders keep it."),
    )
    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("In the market's first language, as shoppers read it at checkout."),
    )
    price = models.DecimalField(
        _("price"),
        max_digits=14,
        decimal_places=3,
        help_text=_("In the market's currency, with or without tax as the market's prices are."),
    )
    free_from = models.DecimalField(
        _("free from"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Free when the goods cost this much or more. Empty: never."),
    )
    min_days = models.PositiveSmallIntegerField(
        _("days, at least"), default=2, help_text=_("Working days until the parcel arrives.")
    )
    max_days = models.PositiveSmallIntegerField(_("days, at most"), default=5)
    tax_class = models.CharField(
        _("tax"),
        max_length=24,
        blank=True,
        default="",
        choices=DeliveryTaxClass.choices,
        help_text=_("In Europe delivery is taxed as the goods are."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, editable=False)

    sort_order_field = "position"  # Wagtail's inline panel then offers to reorder

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="markets_delivery_once"),
            models.CheckConstraint(name="markets_delivery_price_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(
                name="markets_delivery_free_from_positive", condition=Q(free_from=None) | Q(free_from__gt=0)
            ),
            models.CheckConstraint(
                name="markets_delivery_days_in_order", condition=Q(min_days__lte=F("max_days"))
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse days in the wrong order."""
        if self.min_days is not None and self.max_days is not None and self.min_days > self.max_days:
            raise ValidationError({"max_days": _("At most cannot be less than at least.")})


def _is_language(code: str) -> bool:
    try:
        return localedata.exists(str(Locale.parse(code, sep="-")))
    except (UnknownLocaleError, ValueError):
        return False
