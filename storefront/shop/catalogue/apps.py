"""Oscar's catalogue app, found here."""

from oscar.apps.catalogue import apps


class CatalogueConfig(apps.CatalogueConfig):
    name = "storefront.shop.catalogue"
