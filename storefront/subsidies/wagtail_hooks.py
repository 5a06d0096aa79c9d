"""Subsidy projects in the back office's menu; calls, companies, shops and rates as lists to edit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from storefront.accounts.policies import OnlyPolicy
from storefront.subsidies import workflow
from storefront.subsidies.back_office.pages import VIEW
from storefront.subsidies.models import (
    Call,
    CallStatus,
    Clause,
    Criterion,
    DocumentRequirement,
    ExchangeRate,
    LegalEntity,
    Ownership,
    Site,
)
from storefront.subsidies.services.programmes import copy_conditions
from storefront.subsidies.services.rates import enter_rate
from storefront.subsidies.speech import say_lazy


class CallPolicy(ModelPermissionPolicy):
    """A call that something was frozen or filed under stays as it was, its clauses and conditions too."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        call = getattr(instance, "call", instance)
        if call.projects.exclude(state__in=workflow.EDITABLE_STATES).exists():
            return action == "view" and self.user_has_permission(user, action)
        return self.user_has_permission(user, action)


for model in (Call, Clause, Criterion, DocumentRequirement):
    register_permission_policy(model, CallPolicy(model))
# Rates are entered once with their source; what was reckoned with one must stay reckoned with it.
register_permission_policy(ExchangeRate, OnlyPolicy(ExchangeRate, "view", "add"))


def row(*names: str) -> FieldRowPanel:
    """Return a row of fields under their own words."""
    return FieldRowPanel([worded(name) for name in names])


def worded(name: str) -> FieldPanel:
    """Return a field under its own word."""
    return FieldPanel(name, heading=say_lazy(f"field.{name}"))


def column(name: str, **options: Any) -> Column:
    """Return a column under its own word."""
    return Column(name, label=say_lazy(f"field.{name}"), **options)


class _AsksOfTheInstance:
    """Refuse what the policy refuses for this very row."""

    permission_required = ""

    def get_object(self, queryset: Any = None) -> Any:
        row = super().get_object(queryset)
        if not self.user_has_permission_for_instance(self.permission_required, row):
            raise PermissionDenied
        return row


class EditView(_AsksOfTheInstance, generic.EditView):
    permission_required = "change"


class DeleteView(_AsksOfTheInstance, generic.DeleteView):
    permission_required = "delete"


class CopyCallView(generic.CopyView):
    """A call with its clauses, conditions and papers, to be changed into the next year's."""

    def get_initial_form_instance(self) -> Call:
        call = self.get_object()
        call.pk, call._state.adding = None, True
        call.code, call.status = "", CallStatus.DRAFT
        return call

    def get_add_url(self) -> str:
        return self.request.path

    def save_instance(self) -> Call:
        with transaction.atomic():
            call = super().save_instance()
            copy_conditions(source_id=self.kwargs["pk"], target=call)
        return call


class CallViewSet(ModelViewSet):
    model = Call
    name = "subsidy-calls"
    icon = "doc-full"
    menu_label = say_lazy("menu.calls")
    copy_view_class = CopyCallView
    edit_view_class = EditView
    delete_view_class = DeleteView
    list_display = [
        Column("name", label=say_lazy("list.call"), accessor=str),
        column("code"),
        column("status"),
        column("online_close"),
    ]
    list_filter = ["status", "level"]
    panels = [
        row("name_zh", "name_en"),
        row("code", "status", "level", "authority_zh"),
        row("source_url", "source_grade", "verified_on"),
        row("measure_from", "measure_to", "cost_from", "cost_to"),
        row("online_open", "online_close", "paper_close"),
        row("fx_rule", "fx_date", "rounding", "overlap_policy"),
        row("max_sites", "is_affiliate_exclusive"),
        worded("award"),
        worded("stages"),
        row("note_zh", "note_en"),
    ]


class PartOfCallViewSet(ModelViewSet):
    copy_view_enabled = False
    edit_view_class = EditView
    delete_view_class = DeleteView
    list_filter = ["call"]


class ClauseViewSet(PartOfCallViewSet):
    model = Clause
    name = "subsidy-clauses"
    icon = "list-ol"
    menu_label = say_lazy("menu.clauses")
    list_display = [
        Column("text", label=say_lazy("field.text_zh"), accessor=str),
        column("call"),
        column("code"),
    ]
    panels = [
        row("call", "code", "position"),
        worded("text_zh"),
        worded("text_en"),
        row("is_verbatim", "source", "grade"),
    ]


class CriterionViewSet(PartOfCallViewSet):
    model = Criterion
    name = "subsidy-conditions"
    icon = "tick-inverse"
    menu_label = say_lazy("menu.criteria")
    list_display = [
        Column("label", label=say_lazy("field.label_zh"), accessor=str),
        column("call"),
        column("kind"),
        column("kpi_code"),
        column("threshold"),
        column("unit"),
    ]
    panels = [
        row("call", "clause", "code", "position"),
        row("label_zh", "label_en"),
        row("kind", "kpi_code", "operator"),
        row("threshold", "threshold_date", "unit"),
        worded("is_mandatory"),
    ]


class DocumentViewSet(PartOfCallViewSet):
    model = DocumentRequirement
    name = "subsidy-documents"
    icon = "doc-empty"
    menu_label = say_lazy("menu.documents")
    list_display = [
        Column("label", label=say_lazy("field.label_zh"), accessor=str),
        column("call"),
        column("folder"),
        column("is_mandatory"),
    ]
    panels = [
        row("call", "code", "position"),
        row("label_zh", "label_en"),
        row("folder", "min_count", "max_age_days"),
        row("is_mandatory", "is_original_required", "is_sealed"),
    ]


class EntityViewSet(ModelViewSet):
    model = LegalEntity
    name = "subsidy-companies"
    icon = "group"
    menu_label = say_lazy("menu.entities")
    copy_view_enabled = False
    list_display = ["name_zh", column("name_en"), column("registration_number"), column("group")]
    panels = [row("name_zh", "name_en"), row("registration_number", "country", "group")]


class OwnershipViewSet(ModelViewSet):
    model = Ownership
    name = "subsidy-ownership"
    icon = "link"
    menu_label = say_lazy("menu.ownership")
    copy_view_enabled = False
    list_display = [
        Column("ownership", label=say_lazy("menu.ownership"), accessor=str),
        column("valid_from"),
        column("valid_to"),
    ]
    panels = [row("parent", "child", "percent"), row("valid_from", "valid_to")]


class SiteViewSet(ModelViewSet):
    model = Site
    name = "subsidy-sites"
    icon = "site"
    menu_label = say_lazy("menu.sites")
    copy_view_enabled = False
    list_display = ["domain", column("owner"), column("first_live_on")]
    panels = [row("domain", "owner", "first_live_on")]


class EnterRateView(generic.CreateView):
    """Enter a rate through the service, which logs it."""

    def save_instance(self) -> ExchangeRate:
        rate = self.form.instance
        return enter_rate(
            currency=rate.currency,
            day=rate.day,
            cny_per_unit=rate.cny_per_unit,
            source=rate.source,
            by=self.request.user,
            now=timezone.now(),
        )


class RateViewSet(ModelViewSet):
    model = ExchangeRate
    name = "subsidy-rates"
    icon = "decimal"
    menu_label = say_lazy("menu.rates")
    add_view_class = EnterRateView
    copy_view_enabled = False
    list_display = [column("day"), column("currency"), column("cny_per_unit"), column("source")]
    list_filter = ["currency"]
    panels = [row("currency", "day", "cny_per_unit"), worded("source")]


VIEWSETS = [
    CallViewSet(),
    ClauseViewSet(),
    CriterionViewSet(),
    DocumentViewSet(),
    EntityViewSet(),
    OwnershipViewSet(),
    SiteViewSet(),
    RateViewSet(),
]


class ProjectsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW)


@hooks.register("register_admin_viewset")
def register_lists() -> list[ModelViewSet]:
    """Give the lists their addresses."""
    return VIEWSETS


@hooks.register("register_admin_urls")
def register_pages() -> list[URLPattern | URLResolver]:
    """Give the projects their addresses."""
    return [path("subsidies/", include("storefront.subsidies.back_office.urls"))]


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    """Put the projects first, and the lists they are made from below."""
    projects = ProjectsMenuItem(
        say_lazy("menu.projects"),
        reverse("subsidies_projects"),
        name="subsidy-projects",
        icon_name="form",
        order=0,
    )
    lists = [viewset.get_menu_item(order=number) for number, viewset in enumerate(VIEWSETS, start=1)]
    return SubmenuMenuItem(
        say_lazy("menu.subsidies"),
        Menu(items=[projects, *lists]),
        name="subsidies",
        icon_name="form",
        order=48,
    )
