"""Withdrawals in the back office: to read, and to mark as dealt with; nobody changes what was declared."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.withdrawals.models import Withdrawal
from storefront.withdrawals.services import mark_as_handled

# A declaration is the consumer's: staff read it.
register_permission_policy(Withdrawal, OnlyPolicy(Withdrawal, "view"))


class WithdrawalViewSet(ModelViewSet):
    model = Withdrawal
    name = "withdrawals"
    url_namespace = "withdrawals_admin"
    icon = "rotate"
    menu_label = _("Withdrawals")
    menu_order = 130
    add_to_admin_menu = True
    inspect_view_enabled = True
    inspect_template_name = "withdrawals/admin/inspect.html"
    copy_view_enabled = False
    form_fields = ["name"]
    search_fields = ["order_number", "name", "email"]
    list_display = ["order_number", "name", "received_at", "acknowledged_at", "handled_at"]
    list_filter = ["market_code"]
    list_export = [*list_display, "email", "items", "market_code"]
    inspect_view_fields = [
        "order_number",
        "order",
        "name",
        "email",
        "items",
        "market_code",
        "received_at",
        "acknowledged_at",
        "handled_at",
    ]
    ordering = ["-received_at", "-pk"]


@require_POST
@permission_required("withdrawals.change_withdrawal")
def handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a declaration as dealt with."""
    if mark_as_handled(withdrawal_id=pk, now=timezone.now()):
        messages.success(request, _("The withdrawal is marked as dealt with."))
    return redirect("withdrawals_admin:index")


@hooks.register("register_admin_urls")
def register_handling() -> list:
    """Add the button's address."""
    return [path("withdrawals/<int:pk>/handled/", handle, name="withdrawal_handled")]


@hooks.register("register_admin_viewset")
def register_withdrawals() -> WithdrawalViewSet:
    """Put the list into the menu."""
    return WithdrawalViewSet()
