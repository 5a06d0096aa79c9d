"""Baskets made for a wallet's sheet on a product page: they belong to nobody, only a signed key leads to them."""

from django.db.models import QuerySet
from oscar.core.loading import get_model

Basket = get_model("basket", "Basket")

# Visitors' own baskets are open; Oscar's saved ones belong to a customer, and this shop saves none.
WALLET_BASKET_STATUS = Basket.SAVED


def wallet_baskets() -> QuerySet:
    """Return the baskets of sheets that were not ordered."""
    return Basket.objects.filter(owner=None, status=WALLET_BASKET_STATUS)
