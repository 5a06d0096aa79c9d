"""Every shopper's request belongs to one edition: its prefix is taken off the address, and put on every link."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers

from storefront.markets.editions import Edition, edition_at, preferred_edition, set_current_edition

EDITION_COOKIE = settings.EDITION_COOKIE
OUTSIDE = ("/admin/", "/static/", "/media/", "/documents/", "/healthz/", "/payments/webhook/")


class EditionMiddleware:
    """Set `request.edition`, activate its language, and let reverse() write its prefix.

    Only the bare front page asks what the browser prefers, and only until the visitor has chosen; a deep link
    always shows what it names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.edition = None
        if request.path_info.startswith(OUTSIDE):
            return self._answer_outside(request)
        edition = edition_at(request.path_info)
        if edition is None:
            return self._answer_outside(request)
        if request.path_info.removeprefix(edition.prefix).startswith(OUTSIDE):
            raise Http404("This page belongs to no edition: it has one address, without a prefix.")
        if edition.prefix and request.path_info == edition.prefix:
            return HttpResponseRedirect(edition.address("/"))
        if request.path == "/" and (better := self._better_front_page(request, edition)):
            response = HttpResponseRedirect(better.address("/"))
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
            return response
        return self._answer_in(edition, request)

    def _answer_outside(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)

    def _answer_in(self, edition: Edition, request: HttpRequest) -> HttpResponse:
        outer_prefix = get_script_prefix()
        if edition.prefix:
            request.path_info = request.path_info.removeprefix(edition.prefix) or "/"
            set_script_prefix(f"{outer_prefix.rstrip('/')}{edition.prefix}/")
        request.edition = edition
        request.LANGUAGE_CODE = edition.language
        set_current_edition(edition)
        try:
            with translation.override(edition.language):
                response = self.get_response(request)
        finally:
            set_script_prefix(outer_prefix)
            set_current_edition(None)
        response.headers.setdefault("Content-Language", edition.language)
        return response

    def _better_front_page(self, request: HttpRequest, edition: Edition) -> Edition | None:
        if EDITION_COOKIE in request.COOKIES:
            return None
        preferred = preferred_edition(request.headers.get("Accept-Language", ""))
        return preferred if preferred and preferred != edition else None
