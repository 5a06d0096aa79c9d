"""What search engines read about a product: schema.org's Product, or a ProductGroup with its variants, as JSON-LD."""

from collections.abc import Callable, Mapping
from typing import Any

from storefront.product_facts.selectors import guarantee_of
from storefront.search.shopper import Shopper
from storefront.shop.catalogue import family as families
from storefront.shop.catalogue.buyer_reviews import Reviews
from storefront.shop.catalogue.offer_data import SCHEMA, describe_offer
from storefront.shop.catalogue.product_page import ProductDetails
from storefront.theming.pictures import RENDITION_WIDTHS, file_url, rendition_name

VARIANTS_DESCRIBED = 40  # a page stays light: those beyond are named by their address only
_PROPERTY_OF_AXIS = {
    "color": "color",
    "colour": "color",
    "size": "size",
    "material": "material",
    "pattern": "pattern",
}


def describe_product(
    details: ProductDetails, *, shopper: Shopper, absolute: Callable[[str], str]
) -> dict[str, Any]:
    """Return a single product, or a family with each of its variants; what is not known is left out."""
    about = {
        "name": details.texts.title,
        "description": details.texts.summary,
        "url": absolute(details.canonical_url),
        "image": _list_pictures(details, absolute),
        "brand": {"@type": "Brand", "name": details.options.brand} if details.options.brand else None,
        **_describe_reviews(details.reviews),
    }
    if not details.variants:
        own = _describe_one(details.chosen, details, shopper, absolute)
        return {"@context": "https://schema.org", "@type": "Product", **_known({**about, **own})}
    parent_record = families.first_record(details.product)
    varied = {_PROPERTY_OF_AXIS.get(picker.code) for picker in details.pickers} - {None}
    group = {
        "productGroupID": parent_record.partner_sku if parent_record else str(details.product.pk),
        "variesBy": sorted(f"{SCHEMA}{name}" for name in varied),
        "hasVariant": [
            _describe_variant(variant, details, shopper, absolute, is_whole=number < VARIANTS_DESCRIBED)
            for number, variant in enumerate(details.variants)
        ],
    }
    return {"@context": "https://schema.org", "@type": "ProductGroup", **_known({**about, **group})}


def _describe_variant(
    variant: Any,
    details: ProductDetails,
    shopper: Shopper,
    absolute: Callable[[str], str],
    *,
    is_whole: bool,
) -> dict[str, Any]:
    url = absolute(variant.get_absolute_url())
    if not is_whole:
        return {"@type": "Product", "url": url}
    options = details.options.shown.get(variant.pk, {})
    named = {
        name: value for code, value in options.items() if (name := _PROPERTY_OF_AXIS.get(code)) and value
    }
    own = {
        "name": ", ".join([details.texts.title, *options.values()]),
        "url": url,
        "image": _list_pictures(details, absolute)[:1] if variant.pk == details.chosen.pk else None,
        **named,
        **_describe_one(variant, details, shopper, absolute),
    }
    return {"@type": "Product", **_known(own)}


def _describe_one(
    product: Any, details: ProductDetails, shopper: Shopper, absolute: Callable[[str], str]
) -> dict[str, Any]:
    """Return what a thing that can be bought has of its own: codes and an offer."""
    record = families.first_record(product)
    price = families.price_of(product, shopper)
    is_chosen = product.pk == details.chosen.pk
    reduction = details.offer.reduction if is_chosen else None
    return {
        "sku": record.partner_sku if record else "",
        "gtin": product.upc,
        "offers": price is not None
        and describe_offer(
            url=absolute(product.get_absolute_url()),
            price=price,
            currency=details.offer.currency,
            is_available=families.is_available(product, shopper),
            market=shopper.market,
            delivery=details.promise,
            was=reduction.was if reduction else None,
            guarantee=guarantee_of((product.facts, details.product.facts)),
        ),
    }


def _describe_reviews(reviews: Reviews | None) -> dict[str, Any]:
    if reviews is None:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": f"{reviews.mean:.1f}",
            "reviewCount": reviews.count,
            "bestRating": 5,
            "worstRating": 1,
        },
        "review": [
            {
                "@type": "Review",
                "name": review.title,
                "reviewBody": review.body,
                "datePublished": review.created_at.date().isoformat(),
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": review.score,
                    "bestRating": 5,
                    "worstRating": 1,
                },
                **({"author": {"@type": "Person", "name": review.name}} if review.name else {}),
            }
            for review in reviews.newest
        ],
    }


def _list_pictures(details: ProductDetails, absolute: Callable[[str], str]) -> list[str]:
    names = (rendition_name(picture.name, RENDITION_WIDTHS[-1]) for picture in details.pictures)
    return [absolute(file_url(name)) for name in names]


def _known(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value}
