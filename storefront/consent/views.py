"""The choice: a page of its own that works without scripts, and the form of the banner."""

from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from storefront.consent.models import Purpose
from storefront.consent.services import log_choice
from storefront.markets.editions import current_edition
from storefront.theming.origins import comes_from_own_page

COOKIE = "consent"
COOKIE_DAYS = 180


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ConsentView(View):
    """Shows what is chosen and takes another choice; a script that posts it gets no page back."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        _token, agreed = _read_cookie(request)
        return render(request, "consent/choose.html", {"agreed": agreed, "is_saved": "saved" in request.GET})

    def post(self, request: HttpRequest) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied
        token, _agreed = _read_cookie(request)
        edition = current_edition()
        choice = log_choice(
            token=token or uuid4(),
            purposes=_chosen(request),
            language=edition.language if edition else get_language() or settings.LANGUAGE_CODE,
            market_code=edition.market.code if edition else "",
            now=timezone.now(),
        )
        is_script = request.headers.get("Sec-Fetch-Dest") == "empty"
        response = HttpResponse(status=204) if is_script else redirect(f"{request.path}?saved")
        # Scripts read it to know what may be loaded: it says nothing that has to be hidden from them.
        response.set_cookie(
            COOKIE,
            ".".join([str(choice.token), *choice.purposes]),
            max_age=COOKIE_DAYS * 24 * 60 * 60,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response


def _chosen(request: HttpRequest) -> list[str]:
    match request.POST.get("consent"):
        case "accept":
            return list(Purpose.values)
        case "some":
            return request.POST.getlist("purpose")
    return []


def _read_cookie(request: HttpRequest) -> tuple[UUID | None, list[str]]:
    """Return the visitor's number and what was agreed to; nothing for a cookie that is not ours."""
    token, *purposes = request.COOKIES.get(COOKIE, "").split(".")
    try:
        return UUID(token), [purpose for purpose in purposes if purpose in Purpose.values]
    except ValueError:
        return None, []
