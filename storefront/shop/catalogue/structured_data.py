"""What search engines read about a product: schema.org Product with its offer, as JSON-LD."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest

from storefront.shop.catalogue.product_page import ProductDetails
from storefront.theming.pictures import RENDITION_WIDTHS, rendition_name


def describe_product(details: ProductDetails, *, request: HttpRequest) -> dict[str, Any]:
    """Return the product that is chosen, with absolute addresses; what is not known is left out."""
    pictures = [
        default_storage.url(rendition_name(picture.name, RENDITION_WIDTHS[-1]))
        for picture in details.pictures
    ]
    known = {
        "sku": details.sku,
        "gtin": details.chosen.upc,
        "description": details.texts.summary,
        "image": [request.build_absolute_uri(picture) for picture in pictures],
        "offers": _describe_offer(details, request),
    }
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": details.full_title,
        **{name: value for name, value in known.items() if value},
    }


def _describe_offer(details: ProductDetails, request: HttpRequest) -> dict[str, Any] | None:
    offer = details.offer
    if offer.price is None:
        return None
    return {
        "@type": "Offer",
        "url": request.build_absolute_uri(details.url),
        "price": str(offer.price),
        "priceCurrency": offer.currency,
        "availability": f"https://schema.org/{'InStock' if offer.is_available else 'OutOfStock'}",
    }
