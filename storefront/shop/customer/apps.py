"""Oscar's customer app, found here."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from oscar.apps.customer import apps
from oscar.core.loading import get_class

# Mails are in the customer's own mailbox, and `stock_alerts` tells what is there again; nothing writes notifications.
_ELSEWHERE = ("email-", "notifications-", "alert")


class CustomerConfig(apps.CustomerConfig):
    name = "storefront.shop.customer"

    def ready(self) -> None:
        super().ready()
        self.reviews_view = get_class("customer.views", "OwnReviewsView")
        self.find_order_view = get_class("customer.find_order", "FindOrderView")
        self.links_asked_view = get_class("customer.find_order", "LinksAskedView")
        self.card_list_view = get_class("customer.cards", "CardListView")
        self.card_add_view = get_class("customer.cards", "CardAddView")
        self.card_delete_view = get_class("customer.cards", "CardDeleteView")
        self.wish_button_view = get_class("customer.wishlists.views", "WishListButtonView")
        self.wish_line_view = get_class("customer.wishlists.views", "WishListLineView")
        self.saved_products_view = get_class("customer.wishlists.views", "SavedProductsView")

    def get_urls(self) -> list:
        own = [
            path("find-order/", self.find_order_view.as_view(), name="find-order"),
            path("find-order/asked/", self.links_asked_view.as_view(), name="find-order-asked"),
            path("cards/", login_required(self.card_list_view.as_view()), name="cards"),
            path("cards/add/", login_required(self.card_add_view.as_view()), name="card-add"),
            path(
                "cards/<str:card_id>/delete/",
                login_required(self.card_delete_view.as_view()),
                name="card-delete",
            ),
            path("reviews/", login_required(self.reviews_view.as_view()), name="reviews"),
            path(
                "wishlists/button/<int:product_pk>/", self.wish_button_view.as_view(), name="wishlists-button"
            ),
            path("wishlists/saved/", self.saved_products_view.as_view(), name="wishlists-saved"),
            path(
                "wishlists/<str:key>/lines/<int:line_pk>/",
                login_required(self.wish_line_view.as_view()),
                name="wishlists-line",
            ),
        ]
        oscars = (each for each in super().get_urls() if not (each.name or "").startswith(_ELSEWHERE))
        return [*self.post_process_urls(own), *oscars]
