"""Oscar's order app, found here."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "storefront.shop.order"
