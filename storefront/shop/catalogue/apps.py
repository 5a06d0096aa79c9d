"""Oscar's catalogue app, found here."""

from django.urls import path
from oscar.apps.catalogue import apps
from oscar.core.loading import get_class


class CatalogueConfig(apps.CatalogueConfig):
    name = "storefront.shop.catalogue"

    def ready(self) -> None:
        super().ready()
        self.more_products_view = get_class("catalogue.views", "MoreProductsView")

    def get_urls(self) -> list:
        own = [path("more/", self.more_products_view.as_view(), name="more-products")]
        return [*super().get_urls(), *self.post_process_urls(own)]
