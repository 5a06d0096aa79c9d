"""What search engines read about an offer: price, delivery and returns, in schema.org's words."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings

from storefront.core.money import round_amount
from storefront.markets.models import Market
from storefront.product_facts.guarantees import Guarantee
from storefront.shop.catalogue.promise import Promise

SCHEMA = "https://schema.org/"
_DELIVERIES_KNOWN = 500


def describe_offer(
    *,
    url: str,
    price: Decimal,
    currency: str,
    is_available: bool,
    market: Market | None,
    delivery: Promise | None,
    was: Decimal | None = None,
    guarantee: Guarantee | None = None,
) -> dict[str, Any]:
    """Return an Offer; `delivery` is the market's usual one, `was` the price that is announced as reduced from."""
    offer: dict[str, Any] = {
        "@type": "Offer",
        "url": url,
        "price": str(price),
        "priceCurrency": currency,
        "availability": f"{SCHEMA}{'InStock' if is_available else 'OutOfStock'}",
        "itemCondition": f"{SCHEMA}NewCondition",
        "seller": {"@type": "Organization", "name": settings.SHOP_NAME},
    }
    if was is not None:
        offer["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": f"{SCHEMA}StrikethroughPrice",
            "price": str(was),
            "priceCurrency": currency,
        }
    if guarantee:
        offer["warranty"] = {
            "@type": "WarrantyPromise",
            "durationOfWarranty": {"@type": "QuantitativeValue", "value": guarantee.years, "unitCode": "ANN"},
        }
    if market and delivery:
        offer["shippingDetails"] = _describe_delivery(
            delivery, countries=tuple(market.countries), currency=market.currency, goods=price
        )
    if market and market.promised_return_days:
        offer["hasMerchantReturnPolicy"] = {
            "@type": "MerchantReturnPolicy",
            "applicableCountry": list(market.countries),
            "returnPolicyCategory": f"{SCHEMA}MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": market.promised_return_days,
            "returnMethod": f"{SCHEMA}ReturnByMail",
        }
    return offer


@lru_cache(_DELIVERIES_KNOWN)
def _describe_delivery(
    delivery: Promise, *, countries: tuple[str, ...], currency: str, goods: Decimal
) -> dict[str, Any]:
    """Return an OfferShippingDetails; the variants of a family share it."""
    is_free = delivery.free_from is not None and goods >= delivery.free_from
    cost = round_amount(amount=Decimal(0) if is_free else delivery.price, currency=currency)
    first, last = delivery.working_days
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {"@type": "MonetaryAmount", "value": str(cost), "currency": currency},
        "shippingDestination": [
            {"@type": "DefinedRegion", "addressCountry": country} for country in countries
        ],
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "transitTime": {
                "@type": "QuantitativeValue",
                "minValue": first,
                "maxValue": last,
                "unitCode": "DAY",
            },
        },
    }
