"""Measuring and consent in the back office: which services are used, and the log of what visitors chose."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.consent.models import Choice, Service

# A log is read: nobody writes, changes or erases what a visitor chose.
register_permission_policy(Choice, OnlyPolicy(Choice, "view"))


class ServiceViewSet(ModelViewSet):
    model = Service
    name = "measuring-services"
    icon = "code"
    menu_label = _("Measuring services")
    form_fields = ["name", "purpose", "provider", "kept_days", "script", "site_key", "is_enabled"]
    list_display = ["name", "purpose", "provider", "kept_days", "is_enabled"]
    copy_view_enabled = False


class ChoiceViewSet(ModelViewSet):
    model = Choice
    name = "consent-log"
    icon = "list-ul"
    menu_label = _("Log of choices")
    form_fields = ["purposes"]
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["chosen_at", "purposes", "asked", "market_code", "language", "token"]
    list_filter = ["market_code", "language"]
    list_export = [*list_display]
    export_filename = "consent"
    ordering = ["-chosen_at", "-pk"]


class ConsentGroup(ViewSetGroup):
    menu_label = _("Measuring and consent")
    menu_icon = "view"
    menu_order = 470
    items = (ServiceViewSet, ChoiceViewSet)


@hooks.register("register_admin_viewset")
def register_consent() -> ConsentGroup:
    """Put the screens into the menu."""
    return ConsentGroup()
