"""Oscar's customer app, found here."""

from oscar.apps.customer import apps


class CustomerConfig(apps.CustomerConfig):
    name = "storefront.shop.customer"
