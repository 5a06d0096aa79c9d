"""The tax provider the settings name, and the rate a market's prices are shown with."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from storefront.markets.errors import TaxRateMissing
from storefront.markets.models import Market
from storefront.markets.models.market import TaxRegime
from storefront.markets.tax.assessment import TaxProvider
from storefront.markets.tax.rates import RATES_FILE, RateTable, load_rates
from storefront.markets.tax.stripe_tax import StripeTax, TaxGateway
from storefront.markets.tax.table import TableTax


def tax_provider(*, gateway: TaxGateway | None = None) -> TaxProvider:
    """Return the provider TAX_PROVIDER names: "table" (our rates, no US sales tax) or "stripe" (everything by Stripe).

    With "table" and a `gateway` to Stripe, sales to US states the seller is registered in are reckoned by Stripe.
    TAX_RATES_FILE may name a table of the merchant's own.
    """
    name = getattr(settings, "TAX_PROVIDER", "table")
    if name == "stripe":
        if gateway is None:
            raise ImproperlyConfigured("TAX_PROVIDER is stripe, but nothing was given that talks to Stripe.")
        return StripeTax(gateway)
    if name != "table":
        raise ImproperlyConfigured(f"TAX_PROVIDER is {name}; it can be table or stripe.")
    return TableTax(_rates(), sales_tax=StripeTax(gateway) if gateway else None)


def consumer_rate(*, market: Market, tax_class: str, on: date) -> Decimal:
    """Return the rate in per cent that consumers of the market's main country pay; zero where the table has none."""
    if market.tax_regime == TaxRegime.NONE:
        return Decimal(0)
    try:
        return _rates().rate(country=market.main_country, tax_class=tax_class, on=on)
    except TaxRateMissing:
        return Decimal(0)


def _rates() -> RateTable:
    return load_rates(Path(getattr(settings, "TAX_RATES_FILE", RATES_FILE)))
