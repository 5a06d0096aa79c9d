"""What every page of an auditor shares: the key in a cookie of its own folder, the version it opens, strict headers."""

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import override
from django.views import View

from storefront.subsidies.dossier.parts import Parts, read_parts
from storefront.subsidies.errors import AuditorRefused
from storefront.subsidies.models import AuditorLink
from storefront.subsidies.services.auditors import open_link
from storefront.subsidies.speech import say

COOKIE = "audit_key"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser's forms come from the origin "null", and are refused
    "Cache-Control": "no-store, private",
    "X-Frame-Options": "DENY",
}


def guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Return an answer that nobody stores, indexes, frames or learns the address of."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def refusal(request: HttpRequest, error: AuditorRefused, *, lang: str) -> HttpResponseBase:
    """Say in a sentence why nothing is opened."""
    with override(LANGUAGES[lang]):
        page = render(
            request, "subsidies/audit/refused.html", {"sentence": str(error), "lang": lang}, status=403
        )
    return guarded(page)


class AuditPage(View):
    """A page for whoever has a link's key, as long as the link is open; nothing of the shop but the version."""

    link: AuditorLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        lang = kwargs["lang"]
        with override(LANGUAGES[lang]):
            try:
                key = request.COOKIES.get(COOKIE, "")
                self.link = open_link(link_id=int(kwargs["link_id"]), key=key, now=self.now)
                self._check_version()
                return guarded(super().dispatch(request, *args, **kwargs))
            except AuditorRefused as error:
                return refusal(request, error, lang=lang)

    @cached_property
    def now(self) -> datetime:
        """The moment of the request."""
        return timezone.now()

    @cached_property
    def parts(self) -> Parts:
        """The version the link opens."""
        return read_parts(self.link.frozen)

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return a page in the language of its address."""
        context |= {"link": self.link, "lang": self.kwargs["lang"], "parts": self.parts}
        context["other_lang"] = "en" if self.kwargs["lang"] == "zh" else "zh"
        return render(self.request, f"subsidies/audit/{template}", context, status=status)

    def _check_version(self) -> None:
        frozen = self.link.frozen
        if hashlib.sha256(frozen.body.encode()).hexdigest() != frozen.sha256:
            raise AuditorRefused(say("dossier.fault_version", number=frozen.number))
