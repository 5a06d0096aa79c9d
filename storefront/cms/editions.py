"""Where a page stands in the shop's markets and languages, and what its head says of that."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction

from storefront.cms.selectors import page_path
from storefront.markets.editions import current_edition, open_editions
from storefront.page_cache.parts import part
from storefront.page_cache.shown import note, page_clock
from storefront.theming.page_card import PageCard, describe_crumbs

_HOME_DEPTH = 2
_SECONDS = 60


class InItsEdition:
    """A page's address outside the shop, such as in the back office, names an edition that speaks its language."""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        note(f"page:{self.pk}", f"under:{self.path}")
        return {**super().get_context(request, *args, **kwargs), "page_card": self.describe(request)}

    def get_view_restrictions(self) -> QuerySet:
        """Return what keeps visitors out; that there is nothing is kept, as each page that is made asks."""
        if page_clock() is None or part(f"cms.restricted.{self.pk}", self._is_restricted, seconds=_SECONDS):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()

    def _is_restricted(self) -> bool:
        return super().get_view_restrictions().exists()

    def describe(self, request: HttpRequest) -> PageCard:
        """Return what search engines and previews are told of the page."""
        only_in = getattr(self, "only_in", None)
        return PageCard(
            title=self.seo_title or self.title,
            url=request.build_absolute_uri(request.path),
            description=self.search_description or getattr(self, "intro", ""),
            market_codes=frozenset(only_in) if only_in else None,
            structured_data=(self._describe_way(request),) if self.depth > _HOME_DEPTH else (),
        )

    def _describe_way(self, request: HttpRequest) -> dict[str, Any]:
        above: list[tuple[str, str]] = []
        page = self
        while page.depth > _HOME_DEPTH + 1:
            page = page.get_parent()
            note(f"page:{page.pk}")
            above.insert(0, (page.title, page_path(page)))
        home = (_("Home"), reverse("wagtail_serve", args=[""]))
        return describe_crumbs(
            [home, *above, (self.title, request.path)], absolute=request.build_absolute_uri
        )

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        if parts is None or None in parts or current_edition():
            return parts
        site_id, root_url, path = parts
        language = self.locale.language_code
        for edition in open_editions():
            if language in (edition.language, edition.language.partition("-")[0]):
                return site_id, root_url, edition.address(path)
        return parts
