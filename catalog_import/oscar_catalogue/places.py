"""Where the offers of each Amazon marketplace go: the shop's markets as the plain values a plan knows."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings

from catalog_import.marketplaces import MARKETPLACES, Marketplace
from catalog_import.places import Place
from catalog_import.said import say as _
from storefront.markets.selectors.markets import default_market

_LAST = 10_000


@dataclass(frozen=True, slots=True)
class Places:
    """Every marketplace's place by its code, and the currency of the stock records' own prices.

    `sells_all_stock` are the marketplaces whose market sells what lies at Amazon.
    """

    by_code: dict[str, Place]
    currency: str
    sells_all_stock: frozenset[str] = frozenset()

    def note(self, marketplace: Marketplace) -> str:
        """Return what the merchant should know about where this marketplace's offers go; empty if nothing."""
        if self.by_code[marketplace.code].is_sold:
            return ""
        return _(
            "No market takes the prices of Amazon %(country)s in %(currency)s: they are "
            "remembered and nothing is sold for them. Make such a market and import again.",
            country=marketplace.country,
            currency=marketplace.currency,
        )

    def note_stock(self, marketplace: Marketplace, products: int) -> str:
        """Return that so many products are not sold because they lie at Amazon only; empty where none does."""
        if (
            not products
            or marketplace.code in self.sells_all_stock
            or not self.by_code[marketplace.code].is_sold
        ):
            return ""
        if products == 1:
            return _(
                "1 product lies in Amazon's warehouses only and is not sold. If Amazon ships this shop's orders "
                "(Multi-Channel Fulfilment), say so under Markets and delivery; else enter what your own warehouse has."
            )
        return _(
            "%(count)d products lie in Amazon's warehouses only and are not sold. If Amazon ships this shop's orders "
            "(Multi-Channel Fulfilment), say so under Markets and delivery; else enter what your own warehouse has.",
            count=products,
        )


def find_places() -> Places:
    """Return where every marketplace stands; a shop without an open market sells in its default currency.

    The default market's marketplaces come first, then those of the others in the merchant's order, then the rest.
    """
    markets = list(apps.get_model("markets", "Market").objects.order_by("position", "code"))
    default = default_market()
    currency = default.currency if default else settings.OSCAR_DEFAULT_CURRENCY
    ordered = sorted(markets, key=lambda market: market != default)
    keys: dict[str, tuple[int, int, str]] = {}
    found: dict[str, tuple[int | None, bool]] = {}
    for code, marketplace in MARKETPLACES.items():
        names = {marketplace.country, code.upper()}
        market = next((each for each in markets if names & set(each.amazon_marketplaces)), None)
        if market is None or market.currency != marketplace.currency:
            owns = default is None and marketplace.currency == currency
            found[code], keys[code] = (None, owns), (_LAST, 0 if owns else 1, code)
        else:
            place = min(each for each, name in enumerate(market.amazon_marketplaces) if name in names)
            found[code] = (market.pk, market == default)
            keys[code] = (ordered.index(market), place, code)
    all_stock = {market.pk for market in markets if market.sells_all_stock}
    ranks = {code: rank for rank, code in enumerate(sorted(keys, key=lambda code: keys[code]))}
    return Places(
        {code: Place(code, ranks[code], *found[code]) for code in MARKETPLACES},
        currency,
        frozenset(code for code, (market_id, _) in found.items() if market_id in all_stock),
    )
