"""The EU's notice in the back office, among the settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from storefront.compliance.models import GuaranteeNotice


class NoticeForm(WagtailAdminModelForm):
    """A notice, in one of the languages the shop can speak."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.WAGTAIL_CONTENT_LANGUAGES)


class NoticeViewSet(ModelViewSet):
    model = GuaranteeNotice
    name = "guarantee-notices"
    icon = "clipboard-list"
    menu_label = _("EU guarantee notice")
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = ["language", Column("link", label=_("Link"))]

    @cached_property
    def edit_handler(self) -> Any:
        return ObjectList(
            [
                HelpPanel(template="compliance/notice_help.html", heading=_("What this is")),
                FieldPanel("language"),
                FieldPanel("picture"),
                FieldPanel("link"),
            ],
            base_form_class=NoticeForm,
        )

    def get_edit_handler(self) -> Any:
        return self.edit_handler.bind_to_model(self.model)


@hooks.register("register_admin_viewset")
def register_notices() -> NoticeViewSet:
    """Put the screens into the settings menu."""
    return NoticeViewSet()
