"""Oscar's checkout app with one page in place of its steps."""

from django.urls import path
from oscar.apps.checkout import apps
from oscar.core.loading import get_class


class CheckoutConfig(apps.CheckoutConfig):
    name = "storefront.shop.checkout"

    def ready(self) -> None:
        self.index_view = get_class("checkout.views", "CheckoutView")
        self.place_order_view = get_class("checkout.views", "PlaceOrderView")
        self.summary_view = get_class("checkout.views", "SummaryView")
        self.credit_view = get_class("checkout.views", "CreditView")
        self.express_sheet_view = get_class("checkout.express", "ExpressSheetView")
        self.express_order_view = get_class("checkout.express", "ExpressOrderView")
        self.card_session_view = get_class("checkout.cards", "CardSessionView")
        self.pay_view = get_class("checkout.order_views", "PayView")
        self.hosted_view = get_class("checkout.order_views", "HostedView")
        self.change_order_view = get_class("checkout.order_views", "ChangeOrderView")
        self.thank_you_view = get_class("checkout.order_views", "ThankYouView")
        self.order_view = get_class("checkout.order_views", "OrderView")

    def get_urls(self) -> list:
        return self.post_process_urls(
            [
                path("", self.index_view.as_view(), name="index"),
                path("place-order/", self.place_order_view.as_view(), name="place-order"),
                path("summary/", self.summary_view.as_view(), name="summary"),
                path("cards/", self.card_session_view.as_view(), name="card-session"),
                path("credit/", self.credit_view.as_view(), name="credit"),
                path("express/sheet/", self.express_sheet_view.as_view(), name="express-sheet"),
                path("express/order/", self.express_order_view.as_view(), name="express-order"),
                path("pay/<str:token>/", self.pay_view.as_view(), name="pay"),
                path("pay/<str:token>/stripe/", self.hosted_view.as_view(), name="hosted"),
                path("pay/<str:token>/change/", self.change_order_view.as_view(), name="change-order"),
                path("thank-you/<str:token>/", self.thank_you_view.as_view(), name="thank-you"),
                path("order/<str:token>/", self.order_view.as_view(), name="order"),
            ]
        )
