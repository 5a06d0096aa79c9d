"""What templates of any page show of the catalogue: the menu's categories, cards of some products."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from storefront.markets.models.market import TaxRegime
from storefront.markets.tax_texts import price_note
from storefront.search import navigation
from storefront.search.cards import ProductCard, build_cards
from storefront.search.product_urls import keyed_url, product_url
from storefront.search.shopper import current_shopper

register = template.Library()


@register.simple_tag
def top_categories() -> list[navigation.CategoryLink]:
    """Return the categories of the main menu."""
    return navigation.top_categories()


@register.simple_tag
def address_of(page: str, key: int) -> str:
    """Return what `{% url page key %}` does, thought out once an edition instead of for each product."""
    return keyed_url(page, key)


@register.simple_tag
def product_address(page: str, product: Any) -> str:
    """Return the address of a page whose address has slug and key of a product, such as that of its reviews."""
    return product_url(slug=product.slug, pk=product.pk, page=page)


@register.simple_tag
def tax_note(*, of_all: bool = False) -> str:
    """Return what stands about tax beside a price of the shopper's market; `of_all`: what holds for every price."""
    market = current_shopper().market
    if market is None or market.tax_regime == TaxRegime.NONE:
        return ""
    if market.tax_regime == TaxRegime.US_SALES_TAX and not market.prices_include_tax:
        return _("Sales tax is calculated at checkout")
    if not of_all:
        return price_note(market)
    return _("All prices include tax") if market.prices_include_tax else _("All prices are without tax")


@register.filter
def as_cards(products) -> list[ProductCard]:
    """Return the cards of Oscar's products, or of one, for pages of Oscar's; a variant as what it belongs to."""
    found = products if isinstance(products, Iterable) else [products]
    return build_cards(list(dict.fromkeys(product.parent_id or product.pk for product in found)))
