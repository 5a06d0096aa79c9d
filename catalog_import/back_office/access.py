"""Who may open which of the importer's screens, and what all of them share."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from catalog_import.models import ImportRun
from catalog_import.selectors import list_runs

POLICY = ModelPermissionPolicy(ImportRun)
LOOK, UPLOAD, CHANGE, DISCARD = "view", "add", "change", "delete"


def may(request: HttpRequest, action: str) -> bool:
    """Return whether the person may look at imports, upload files, change the catalogue or discard a plan."""
    return POLICY.user_has_permission(request.user, action)


class ImportScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page under "Amazon import"."""

    permission_policy = POLICY
    any_permission_required = [LOOK, CHANGE]
    header_icon = "upload"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("catalog_import:index"), "label": _("Amazon import")},
    ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *self.path_to_here(), {"url": "", "label": self.get_page_title()}]

    def path_to_here(self) -> list[dict[str, Any]]:
        """Return the steps between the section and this page."""
        return []


class RunMixin:
    """A page or an action of one run."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.run = get_object_or_404(list_runs(), pk=kwargs["pk"])


class RunScreen(RunMixin, ImportScreen):
    """A page of one run."""

    def path_to_here(self) -> list[dict[str, Any]]:
        return [{"url": reverse("catalog_import:run", args=[self.run.pk]), "label": name_run(self.run)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"run": self.run}


def name_run(run: ImportRun) -> str:
    """Return what a run is called on screen."""
    return str(_("Import %(number)s")) % {"number": run.pk}
