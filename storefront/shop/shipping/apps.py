"""Oscar's shipping app, found here."""

from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    name = "storefront.shop.shipping"
