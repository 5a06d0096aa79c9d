"""The list of subscriptions in the back office: to read, to export for the mail programme, to erase one."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.newsletter.models import Subscription

# Nobody subscribes somebody else; whoever asks to be forgotten is erased.
register_permission_policy(Subscription, OnlyPolicy(Subscription, "view", "delete"))


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
