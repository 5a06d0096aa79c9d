"""A shopper who enters by a market's address and has an address there."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from storefront.markets.editions import open_editions
from storefront.markets.models import Market, ProductTaxClass
from storefront.markets.services.prices import set_price
from tests.payments.shopper import Shopper
from tests.payments.shopper import make_product as make_dollar_product

ADDRESSES = {
    "US": {"country": "US", "postcode": "10001", "line4": "New York", "state": "NY"},
    "DE": {"country": "DE", "postcode": "10969", "line4": "Berlin", "state": ""},
    "GB": {"country": "GB", "postcode": "SW1A 1AA", "line4": "London", "state": ""},
    "FR": {"country": "FR", "postcode": "75001", "line4": "Paris", "state": ""},
    "IT": {"country": "IT", "postcode": "00184", "line4": "Roma", "state": "RM"},
    "ES": {"country": "ES", "postcode": "28001", "line4": "Madrid", "state": "Madrid"},
    "JP": {"country": "JP", "postcode": "100-0001", "line4": "Chiyoda", "state": "Tokyo"},
}


@dataclass
class MarketShopper(Shopper):
    """One browser in one market, in its first language."""

    market: str = ""

    @property
    def prefix(self) -> str:
        return next(edition.prefix for edition in open_editions() if edition.market.code == self.market)

    def add(self, product: Any, quantity: int = 1) -> None:
        answer = self.client.post(f"{self.prefix}/basket/add/{product.pk}/", {"quantity": quantity})
        assert answer.status_code == 302, answer.status_code

    def open_basket(self) -> Any:
        return self.client.get(f"{self.prefix}/basket/")

    def open_checkout(self) -> Any:
        return self.client.get(f"{self.prefix}/checkout/")

    def form(self, **changes: str | None) -> dict[str, str]:
        country = Market.objects.get(code=self.market).main_country
        there = {f"shipping-{name}": value for name, value in ADDRESSES[country].items()}
        return super().form(**{**there, **changes})

    def send(self, data: dict[str, str]) -> Any:
        return self.client.post(
            f"{self.prefix}/checkout/place-order/", data, headers={"Accept": "application/json"}
        )

    def ask_summary(self, **changes: str | None) -> Any:
        return self.client.post(f"{self.prefix}/checkout/summary/", self.form(**changes)).json()


def make_product(*, tax_class: str = "", prices: dict[str, str] | None = None, **fields: Any) -> Any:
    """Return a product on sale whose stock record is in dollars, with prices in markets by code."""
    product = make_dollar_product(**fields)
    if tax_class:
        ProductTaxClass.objects.create(product=product, tax_class=tax_class)
    for code, amount in (prices or {}).items():
        set_price(
            product=product,
            market=Market.objects.get(code=code),
            amount=Decimal(amount),
            now=timezone.now() - timedelta(minutes=1),
        )
    return product
