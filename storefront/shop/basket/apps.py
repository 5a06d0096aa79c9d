"""Oscar's basket app, found here."""

from django.urls import path
from oscar.apps.basket import apps
from oscar.core.loading import get_class


class BasketConfig(apps.BasketConfig):
    name = "storefront.shop.basket"

    def ready(self) -> None:
        super().ready()
        from oscar.apps.analytics.receivers import receive_basket_addition
        from oscar.apps.basket.signals import basket_addition

        # No page shows how often something was put in a basket, and all who do would wait for one row.
        basket_addition.disconnect(receive_basket_addition)
        self.remove_aside_view = get_class("basket.views", "AsideRemoveView")
        self.mini_basket_view = get_class("basket.views", "MiniBasketView")

    def get_urls(self) -> list:
        own = [
            path("aside/<int:pk>/remove/", self.remove_aside_view.as_view(), name="aside-remove"),
            path("mini/", self.mini_basket_view.as_view(), name="mini"),
        ]
        return [*super().get_urls(), *self.post_process_urls(own)]
