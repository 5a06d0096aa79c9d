"""What every storefront template may read about the shop."""

from django.conf import settings
from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """Return the shop's name, the theme and whether money is only pretended."""
    return {
        "shop_name": settings.SHOP_NAME,
        "theme": settings.THEME,
        "payments_are_pretended": settings.STRIPE_STANDIN,
        "is_demo": settings.DEMO,
    }
