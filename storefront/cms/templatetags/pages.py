"""Links to the merchant's pages for headers and footers."""

from django import template

from storefront.cms import selectors
from storefront.cms.remembered import BrandInUse, brand_in_use
from storefront.markets.editions import current_edition

register = template.Library()


@register.simple_tag(takes_context=True)
def footer_pages(context: template.Context) -> list[selectors.PageLink]:
    """Return the content pages shown in menus; nothing outside a request, such as in a mail."""
    request = context.get("request")
    return selectors.footer_pages(request=request) if request else []


@register.simple_tag(takes_context=True)
def legal_page(context: template.Context, kind: str) -> selectors.PageLink | None:
    """Return the legal text of a kind that the visitor's market shows, if there is one."""
    return next((link for link in footer_pages(context) if link.kind == kind), None)


@register.simple_tag
def brand() -> BrandInUse:
    """Return the shop's own logo and style sheet; it is empty where the theme is shown as it is."""
    return brand_in_use()


@register.simple_tag
def menu(place: str) -> list[selectors.PageLink]:
    """Return the entries of the header or footer that the merchant made for this market and language."""
    return selectors.menu_links(place)


@register.simple_tag
def withdraws_here() -> bool:
    """Say whether the visitor's market is in the EU, where every page leads to the withdrawal function."""
    edition = current_edition()
    return edition is not None and edition.market.is_in_eu
