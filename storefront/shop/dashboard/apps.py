"""Oscar's dashboard app, found here."""

from collections.abc import Callable

from django.urls import URLPattern, URLResolver, path
from oscar.apps.dashboard import apps
from oscar.core.loading import get_classes


class DashboardConfig(apps.DashboardConfig):
    """Oscar's dashboard behind Wagtail's login, without the pages that Wagtail owns."""

    name = "storefront.shop.dashboard"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Oscar's addresses with our views and Wagtail's logout, and without flat pages."""
        from wagtail.admin.views.account import LogoutView

        self._put_our_views()
        replaced = ("pages/", "logout/")
        urls = [pattern for pattern in super().get_urls() if str(pattern.pattern) not in replaced]
        return [*urls, path("logout/", LogoutView.as_view(), name="logout")]

    def get_url_decorator(self, pattern: URLPattern) -> Callable | None:
        """Return the guard of one page; Oscar calls this for the pages of every dashboard app."""
        from storefront.shop.dashboard.access import admit_staff

        if pattern.name in ("login", "logout"):
            return None
        oscar_guard = super().get_url_decorator(pattern)
        return lambda view: admit_staff(oscar_guard(view) if oscar_guard else view)

    def _put_our_views(self) -> None:
        """Replace views of Oscar's dashboard apps, which set them as attributes in their own ready(), after ours."""
        orders = ("OrderListView", "OrderDetailView", "ShippingAddressUpdateView")
        order_list, order, address = get_classes("dashboard.order_views", orders)
        self.orders_app.order_list_view = order_list
        self.orders_app.order_detail_view = order
        self.orders_app.shipping_address_view = address
        lists = ("OfferListView", "StockAlertListView")
        self.offers_app.list_view, stock_alerts = get_classes("dashboard.list_views", lists)
        (self.reviews_app.update_view,) = get_classes("dashboard.review_views", ("ReviewUpdateView",))
        forms = ("ProductCreateUpdateView", "CategoryCreateView", "CategoryUpdateView")
        product, new_category, category = get_classes("dashboard.catalogue_views", forms)
        self.catalogue_app.stock_alert_view = stock_alerts
        self.catalogue_app.product_createupdate_view = product
        self.catalogue_app.category_create_view = new_category
        self.catalogue_app.category_update_view = category
