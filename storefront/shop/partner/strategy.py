"""Which price and stock a shopper sees: that of the places the shopper's market sells from, at its price."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from oscar.apps.partner import strategy
from oscar.core.loading import get_class

from storefront.markets.editions import current_edition
from storefront.markets.selectors.offers import Offer, offers_for
from storefront.markets.selectors.stock import first_record, fullest_record
from storefront.markets.selectors.tax import tax_classes_for
from storefront.markets.services.tax import consumer_rate
from storefront.markets.tax.assessment import Pricing, split_tax

FixedPrice = get_class("partner.prices", "FixedPrice")
TaxInclusiveFixedPrice = get_class("partner.prices", "TaxInclusiveFixedPrice")
UnavailablePrice = get_class("partner.prices", "Unavailable")
Unavailable = get_class("partner.availability", "Unavailable")


class Default(strategy.StockRequired, strategy.Structured):
    """Products are known by their first stock record, sold only while in stock, at the price of the request's market.

    While no market is open the stock record's own price holds, without tax.
    """

    def __init__(self, request: Any = None):
        super().__init__(request)
        edition = current_edition() if request is None else getattr(request, "edition", None)
        self.market = edition.market if edition else None
        self.now = timezone.now()
        self._offers: dict[int, Offer | None] = {}
        self._rates: dict[int, Decimal] = {}

    def prefetch(self, products: Iterable[Any]) -> None:
        """Read the offers of many products at once, so that asking for each takes no query."""
        unknown = {product.pk: product for product in products if product.pk not in self._offers}
        if self.market is None or not unknown:
            return
        offers = offers_for(products=unknown.values(), market=self.market, now=self.now)
        self._offers |= {key: offers.get(key) for key in unknown}
        if self.market.prices_include_tax:
            for key, tax_class in tax_classes_for(unknown.values()).items():
                self._rates[key] = consumer_rate(
                    market=self.market, tax_class=tax_class.code, on=self.now.date()
                )

    def select_stockrecord(self, product: Any) -> Any:
        return first_record(product.stockrecords.all())

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        if self.market is None:
            return _own_price(stockrecord)
        offer = self._offer_for(product)
        if offer is None:
            return UnavailablePrice()
        if not offer.includes_tax:
            return FixedPrice(currency=offer.currency, excl_tax=offer.amount)
        net, tax, _gross = split_tax(
            amount=offer.amount,
            rate=self._rates[product.pk],
            pricing=Pricing(currency=offer.currency, includes_tax=True),
        )
        return TaxInclusiveFixedPrice(currency=offer.currency, excl_tax=net, tax=tax)

    def parent_pricing_policy(self, product: Any, children_stock: Sequence[tuple[Any, Any]]) -> Any:
        """Return the price of the first variant that is sold."""
        self.prefetch(child for child, _stockrecord in children_stock)
        policies = (self.pricing_policy(child, stockrecord) for child, stockrecord in children_stock)
        return next((policy for policy in policies if policy.exists), UnavailablePrice())

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        """Return whether, and how many of, a product can be sent from one of the places the market sells from."""
        if self.market is not None and self.market.sells_all_stock:
            stockrecord = fullest_record(product.stockrecords.all(), self.market)
        return self.availability_at(product, stockrecord)

    def availability_at(self, product: Any, stockrecord: Any) -> Any:
        """Return whether, and how many of, a product can be sent from one place."""
        if self.market is not None and self._offer_for(product) is None:
            return Unavailable()
        return super().availability_policy(product, stockrecord)

    def _offer_for(self, product: Any) -> Offer | None:
        self.prefetch([product])
        return self._offers[product.pk]


class Selector(strategy.Selector):
    """One strategy for every shopper: what differs is the market."""

    def strategy(self, request: Any = None, user: Any = None, **kwargs: Any) -> Default:
        return Default(request)


def _own_price(stockrecord: Any) -> Any:
    if not stockrecord or stockrecord.price is None:
        return UnavailablePrice()
    return FixedPrice(currency=stockrecord.price_currency, excl_tax=stockrecord.price, tax=Decimal("0.00"))
