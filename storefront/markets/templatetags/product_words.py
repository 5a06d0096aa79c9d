"""What templates call a product outside of lists."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from storefront.markets.selectors.titles import titles_for

register = template.Library()


@register.filter
def spoken_title(product: Any) -> str:
    """Return the product's full title in the active language; up to two queries, so never in a list."""
    return titles_for(products=[product], language=get_language() or settings.LANGUAGE_CODE)[product.pk]
