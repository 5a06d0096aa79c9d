"""Oscar's order pages: with the payment, and changed only by those who may change orders."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from oscar.apps.dashboard.orders import views
from oscar.core.loading import get_class

from storefront.core.carriers import CARRIERS
from storefront.payments import selectors, services
from storefront.payments.errors import ParcelRefused

EventHandler = get_class("order.processing", "EventHandler")

READING_ACTIONS = ("download_selected_orders",)


class _ChangeNeedsPermission:
    """Oscar lets whoever may see an order change it. A partner's own people keep the right Oscar gives them."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_reading = request.POST.get("action") in READING_ACTIONS
        user = request.user
        if not (
            is_reading or user.has_perm("order.change_order") or user.has_perm("partner.dashboard_access")
        ):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)


class OrderListView(_ChangeNeedsPermission, views.OrderListView):
    """Oscar's order list; the payment comes with the orders."""

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("payment")


class OrderDetailView(_ChangeNeedsPermission, views.OrderDetailView):
    """Oscar's page of one order, and the parcels that leave with it."""

    order_actions = (*views.OrderDetailView.order_actions, "change_parcel")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "carriers": CARRIERS,
            "is_any_sent": selectors.is_any_sent(self.object.pk),
            "shipments": self.object.shipping_events.select_related("event_type")
            .prefetch_related("line_quantities__line", "parcels")
            .order_by("date_created", "pk"),
        }

    def get_handler(self, user: Any = None) -> Any:
        return EventHandler(user or self.request.user, parcels=self._typed_parcels())

    def change_order_status(self, request: HttpRequest, order: Any) -> HttpResponse:
        return self._unless_refused(super().change_order_status, request, order)

    def create_shipping_event(
        self, request: HttpRequest, order: Any, lines: Any, quantities: Any
    ) -> HttpResponse:
        return self._unless_refused(super().create_shipping_event, request, order, lines, quantities)

    def change_parcel(self, request: HttpRequest, order: Any) -> HttpResponse:
        """Correct a parcel, or add its number."""
        posted = request.POST
        try:
            services.change_parcel(
                order=order,
                parcel_id=posted.get("parcel", ""),
                carrier=posted.get("carrier", ""),
                number=posted.get("number", ""),
            )
        except ParcelRefused as error:
            return self.reload_page(error=str(error))
        messages.success(request, _("The parcel is changed. Customers see it on the page of their order."))
        return self.reload_page()

    def _typed_parcels(self) -> list[services.ParcelLabel]:
        posted = self.request.POST
        return services.read_parcels(
            carrier=posted.get("carrier", ""), numbers=posted.get("parcel_numbers", "")
        )

    def _unless_refused(self, act: Callable[..., HttpResponse], *args: Any) -> HttpResponse:
        try:
            return act(*args)
        except ParcelRefused as error:
            return self.reload_page(error=str(error))


class ShippingAddressUpdateView(_ChangeNeedsPermission, views.ShippingAddressUpdateView):
    """Oscar's form for where an order goes."""
