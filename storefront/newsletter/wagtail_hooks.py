"""The list of subscriptions in the back office: to read, to export for the mail programme, to erase one."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from storefront.newsletter.models import Subscription


class ReadAndErasePolicy(ModelPermissionPolicy):
    """Nobody subscribes somebody else; whoever asks to be forgotten is erased."""

    actions = frozenset(["view", "delete"])

    def user_has_permission(self, user, action):
        return action in self.actions and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Subscription, ReadAndErasePolicy(Subscription))


class SubscriptionViewSet(ModelViewSet):
    model = Subscription
    name = "newsletter"
    url_namespace = "newsletter_admin"
    icon = "mail"
    menu_label = _("Newsletter")
    menu_order = 460
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields = ["email"]
    search_fields = ["email"]
    list_display = ["email", "state", "language", "market_code", "asked_at", "confirmed_at", "ended_at"]
    list_filter = ["state", "language", "market_code"]
    list_export = [*list_display, "consent_text", "unsubscribe_address"]
    export_headings = {"unsubscribe_address": _("link to unsubscribe")}
    export_filename = "newsletter"
    ordering = ["-asked_at", "-pk"]


hooks.register("register_admin_viewset", lambda: SubscriptionViewSet())
