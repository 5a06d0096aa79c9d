"""Oscar's customer app, found here."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from oscar.apps.customer import apps
from oscar.core.loading import get_class


class CustomerConfig(apps.CustomerConfig):
    name = "storefront.shop.customer"

    def ready(self) -> None:
        super().ready()
        self.reviews_view = get_class("customer.views", "OwnReviewsView")
        self.wish_button_view = get_class("customer.wishlists.views", "WishListButtonView")

    def get_urls(self) -> list:
        own = [
            path("reviews/", login_required(self.reviews_view.as_view()), name="reviews"),
            path(
                "wishlists/button/<int:product_pk>/", self.wish_button_view.as_view(), name="wishlists-button"
            ),
        ]
        return [*self.post_process_urls(own), *super().get_urls()]
