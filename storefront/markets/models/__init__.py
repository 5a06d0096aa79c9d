"""What is kept per market and language, beside Oscar's own tables."""

from storefront.markets.models.market import Market, MarketDelivery
from storefront.markets.models.prices import MarketBlock, MarketPrice, PriceChange
from storefront.markets.models.tax import ProductTaxClass, TaxRegistration, TaxSetup, VatIdCheck
from storefront.markets.models.texts import CategoryText, OptionText, ProductText

__all__ = [
    "CategoryText",
    "Market",
    "MarketBlock",
    "MarketDelivery",
    "MarketPrice",
    "OptionText",
    "PriceChange",
    "ProductTaxClass",
    "ProductText",
    "TaxRegistration",
    "TaxSetup",
    "VatIdCheck",
]
