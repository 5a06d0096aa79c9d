"""The list of alerts in the back office: to read what is waited for, and to erase one."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.stock_alerts.models import StockAlert

# Nobody asks for somebody else; whoever asks to be forgotten is erased.
register_permission_policy(StockAlert, OnlyPolicy(StockAlert, "view", "delete"))


class AlertViewSet(ModelViewSet):
    model = StockAlert
    name = "stock-alerts"
    url_namespace = "stock_alerts_admin"
    icon = "mail"
    menu_label = _("Back-in-stock alerts")
    menu_order = 461
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["email"]
    search_fields = ["email", "product__title"]
    list_display = [
        Column("product", label=_("Product"), accessor="product"),
        "email",
        "state",
        "market_code",
        "asked_at",
        "sent_at",
    ]
    list_filter = ["state", "market_code"]
    ordering = ["-asked_at", "-pk"]


hooks.register("register_admin_viewset", lambda: AlertViewSet())
