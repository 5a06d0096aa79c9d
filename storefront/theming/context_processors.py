"""What every storefront template may read about the shop."""

from django.conf import settings
from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """Return the shop's name and address, the theme and whether money is only pretended."""
    return {
        "shop_name": settings.SHOP_NAME,
        "shop_address": settings.SHOP_ADDRESS,
        "theme": settings.THEME,
        "payments_are_pretended": settings.STRIPE_STANDIN,
        "is_demo": settings.DEMO,
    }
