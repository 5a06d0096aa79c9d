"""Oscar's order pages: with the payment, and changed only by those who may change orders."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from oscar.apps.dashboard.orders import views

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
    """Oscar's page of one order."""


class ShippingAddressUpdateView(_ChangeNeedsPermission, views.ShippingAddressUpdateView):
    """Oscar's form for where an order goes."""
