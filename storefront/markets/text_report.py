"""The report that tells a merchant which products have no words in a language the shop sells in."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from storefront.markets.editions import Edition, open_editions
from storefront.markets.models import ProductText
from storefront.markets.selectors.texts import describe_missing_texts, missing_texts

URL_NAME = "markets_missing_texts"
_ACTIONS = ["add", "change", "delete", "view"]
_policy = ModelPermissionPolicy(ProductText)


def _languages() -> dict[str, Edition]:
    """Return an edition of each language shoppers read, except the one Oscar's own fields are in."""
    spoken: dict[str, Edition] = {}
    for edition in open_editions():
        if edition.language != settings.LANGUAGE_CODE:
            spoken.setdefault(edition.language, edition)
    return spoken


class MissingTextsFilterSet(WagtailFilterSet):
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        empty_label=None,
        choices=lambda: [(code, edition.language_name) for code, edition in _languages().items()],
        method="in_language",
    )

    class Meta:
        model = ProductText
        fields: list[str] = []

    def in_language(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return missing_texts(value)


class MissingTextsView(ReportView):
    """The public products without a title in a language; the first language until another is chosen."""

    page_title = _("Missing texts")
    header_icon = "globe"
    index_url_name = URL_NAME
    index_results_url_name = f"{URL_NAME}_results"
    filterset_class = MissingTextsFilterSet
    permission_policy = _policy
    any_permission_required = _ACTIONS
    default_ordering = None
    list_export = ["pk", "title", "upc"]
    export_filename = "missing-texts"
    columns = [
        TitleColumn(
            "title",
            label=_("Product"),
            get_url=lambda product: reverse("dashboard:catalogue-product", args=[product.pk]),
        ),
        Column("upc", label=_("GTIN")),
    ]

    def get_queryset(self) -> QuerySet:
        language = next(iter(_languages()), None)
        return missing_texts(language) if language else missing_texts(settings.LANGUAGE_CODE).none()

    def get_page_subtitle(self) -> str:
        languages = _languages()
        language = self.request.GET.get("language") or next(iter(languages), "")
        if language not in languages:
            return ""
        count = missing_texts(language).count()
        return describe_missing_texts(language_name=languages[language].language_name, count=count)


class MissingTextsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(_languages()) and _policy.user_has_any_permission(request.user, _ACTIONS)


def missing_texts_menu_item() -> MissingTextsMenuItem:
    """Return the entry under Reports."""
    return MissingTextsMenuItem(_("Missing texts"), reverse(URL_NAME), icon_name="globe", order=700)


def missing_texts_urls() -> list[Any]:
    """Return the report's addresses."""
    view = MissingTextsView
    return [
        path("reports/missing-texts/", view.as_view(), name=URL_NAME),
        path("reports/missing-texts/results/", view.as_view(results_only=True), name=f"{URL_NAME}_results"),
    ]
