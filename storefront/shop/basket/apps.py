"""Oscar's basket app, found here."""

from django.urls import path
from oscar.apps.basket import apps
from oscar.core.loading import get_class


class BasketConfig(apps.BasketConfig):
    name = "storefront.shop.basket"

    def ready(self) -> None:
        super().ready()
        self.remove_aside_view = get_class("basket.views", "AsideRemoveView")
        self.mini_basket_view = get_class("basket.views", "MiniBasketView")

    def get_urls(self) -> list:
        own = [
            path("aside/<int:pk>/remove/", self.remove_aside_view.as_view(), name="aside-remove"),
            path("mini/", self.mini_basket_view.as_view(), name="mini"),
        ]
        return [*super().get_urls(), *self.post_process_urls(own)]
