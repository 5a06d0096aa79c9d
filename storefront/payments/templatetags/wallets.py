"""Whether wallets are offered, for the pages that show their button."""

from django import template

from storefront.payments import selectors

register = template.Library()


@register.simple_tag
def wallets() -> dict[str, str | bool] | None:
    """Return what the wallets' script needs; None where wallets are not offered."""
    return selectors.browser_setup() if selectors.offers_wallets() else None
