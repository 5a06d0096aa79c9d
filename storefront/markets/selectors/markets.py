"""Which markets there are, and which one a shopper is in."""

from decimal import Decimal

from django.db.models import QuerySet

from storefront.markets.models import Market, MarketDelivery
from storefront.markets.models.market import TaxRegime


def enabled_markets() -> QuerySet[Market]:
    """Return the open markets in the merchant's order; the first is the default."""
    return Market.objects.filter(is_enabled=True).order_by("position", "code")


def default_market() -> Market | None:
    """Return the first open market, or None while none is open."""
    return enabled_markets().first()


def market_by_code(code: str) -> Market | None:
    """Return the open market with this code, if there is one."""
    return enabled_markets().filter(code=code).first()


def market_for_country(country: str) -> Market | None:
    """Return the first open market that delivers to a country (ISO code), if any does."""
    return next((market for market in enabled_markets() if country in market.countries), None)


def market_for_amazon(marketplace: str) -> Market | None:
    """Return the first market, open or not, that an Amazon marketplace's prices and texts belong to, if any."""
    markets = Market.objects.order_by("position", "code")
    return next((market for market in markets if marketplace.upper() in market.amazon_marketplaces), None)


def eu_market_codes() -> list[str]:
    """Return the codes of the markets in the EU, open or not, in the merchant's order."""
    markets = Market.objects.filter(tax_regime=TaxRegime.EU_VAT).order_by("position", "code")
    return list(markets.values_list("code", flat=True))


def delivery_methods(market: Market) -> QuerySet[MarketDelivery]:
    """Return the ways goods reach a market, in the merchant's order."""
    return MarketDelivery.objects.filter(market=market).order_by("position", "pk")


def delivery_price(*, method: MarketDelivery, goods: Decimal) -> Decimal:
    """Return what a delivery costs beside goods of this worth, discounts taken off."""
    is_free = method.free_from is not None and goods >= method.free_from
    return Decimal(0) if is_free else method.price
