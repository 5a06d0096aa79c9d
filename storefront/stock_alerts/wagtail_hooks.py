"""The list of alerts in the back office: to read what is waited for, and to erase one."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from storefront.stock_alerts.models import StockAlert


class ReadAndErasePolicy(ModelPermissionPolicy):
    """Nobody asks for somebody else; whoever asks to be forgotten is erased."""

    actions = frozenset(["view", "delete"])

    def user_has_permission(self, user, action):
        return action in self.actions and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(StockAlert, ReadAndErasePolicy(StockAlert))


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
