"""The table of tax rates: read from its file once, asked by country, tax class and day."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from storefront.markets.errors import TaxRateMissing
from storefront.markets.tax.assessment import STANDARD

RATES_FILE = Path(__file__).parent.parent / "data" / "tax_rates.toml"
EU_VAT = "eu_vat"
UK_VAT = "uk_vat"
US_SALES_TAX = "us_sales_tax"
NOT_TAXED = "none"


@dataclass(frozen=True)
class Limit:
    """The most a parcel's goods may be worth for the seller to collect the tax."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class RateTable:
    """Rates in per cent with the day each begins, the regime of each country, and what lies outside the VAT area."""

    rates: Mapping[tuple[str, str], tuple[tuple[date, Decimal], ...]]
    regimes: Mapping[str, str]
    limits: Mapping[str, Limit]
    outside_vat_area: Mapping[str, tuple[str, ...]]

    def rate(self, *, country: str, tax_class: str, on: date) -> Decimal:
        """Return the rate in per cent on a day; a class the country does not list takes its standard rate.

        The class "none" (a gift voucher, say) is never taxed. Raises TaxRateMissing.
        """
        if tax_class == NOT_TAXED:
            return Decimal(0)
        for wanted in (tax_class, STANDARD):
            found = [percent for begins, percent in self.rates.get((country, wanted), ()) if begins <= on]
            if found:
                return found[-1]
        raise TaxRateMissing(
            f"There is no tax rate for {country or 'an unnamed country'} on {on:%Y-%m-%d}. "
            f"Add it to {RATES_FILE.name}, or use Stripe Tax."
        )

    def regime_of(self, *, country: str, postal_code: str = "") -> str:
        """Return the code of the tax regime at an address; empty where the table knows none."""
        if postal_code.replace(" ", "").startswith(self.outside_vat_area.get(country, ())):
            return ""
        return self.regimes.get(country, "")


@lru_cache(maxsize=4)
def load_rates(path: Path = RATES_FILE) -> RateTable:
    """Return the table in a TOML file laid out as `data/tax_rates.toml`."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return RateTable(
        rates={
            (country, tax_class): tuple(
                sorted((date.fromisoformat(begins), Decimal(percent)) for begins, percent in entries)
            )
            for country, classes in content["rates"].items()
            for tax_class, entries in classes.items()
        },
        regimes={
            country: regime for regime, countries in content["regimes"].items() for country in countries
        },
        limits={
            regime: Limit(amount=Decimal(limit["amount"]), currency=limit["currency"])
            for regime, limit in content["consignment_limits"].items()
        },
        outside_vat_area={country: tuple(codes) for country, codes in content["outside_vat_area"].items()},
    )
