"""Links to the merchant's pages for headers and footers."""

from django import template

from storefront.cms import selectors

register = template.Library()


@register.simple_tag(takes_context=True)
def footer_pages(context: template.Context) -> list[selectors.PageLink]:
    """Return the content pages shown in menus; nothing outside a request, such as in a mail."""
    request = context.get("request")
    return selectors.footer_pages(request=request) if request else []
