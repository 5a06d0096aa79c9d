"""The way from an address to its page, kept until a page moves: Wagtail asks the database anew for each visitor."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BigIntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from wagtail.models import Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as serve_page

from storefront.kept_sql import Given, KeptSql, columns_of, from_row
from storefront.page_cache.parts import part

_SECONDS = 60


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with the page at this path, as Wagtail does."""
    if settings.PAGE_CACHE:
        request._wagtail_site = _find_site(request)
        if not path and (home := _find_home(request._wagtail_site)):
            request._wagtail_route_for_request = RouteResult(home)
    return serve_page(request, path)


def _find_site(request: HttpRequest) -> Site | None:
    name = f"cms.site.{request.get_host()}.{request.get_port()}"
    return part(name, lambda: Site._find_for_request(request), seconds=_SECONDS)


def _find_home(site: Site | None) -> Any:
    """Return the site's home page in the visitor's language; None where the root is another kind of page."""
    if site is None:
        return None
    home_id = part(
        f"cms.home.{site.pk}.{get_language()}", lambda: site.root_page.localized.pk, seconds=_SECONDS
    )
    rows = _HOME(home=home_id)
    return from_row(apps.get_model("cms", "HomePage"), rows[0]) if rows else None


def _build_home() -> QuerySet:
    HomePage = apps.get_model("cms", "HomePage")
    home = HomePage.objects.filter(pk=Given("home", BigIntegerField()), live=True).order_by("pk")
    return home.values_list(*columns_of(HomePage))


_HOME = KeptSql(_build_home)
