"""The one address a shopper's choice of market goes through."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from storefront.markets.editions import edition_by_code
from storefront.markets.middleware import EDITION_COOKIE

_ONE_YEAR_SECONDS = 365 * 24 * 60 * 60


@require_GET
@never_cache
def choose_edition(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the choice, so that the front page asks the browser no more, and go on to the page `to` names."""
    edition = edition_by_code(code)
    if edition is None:
        raise Http404("This market is not open.")
    target = request.GET.get("to", "")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = edition.address("/")
    response = HttpResponseRedirect(target)
    response.set_cookie(
        EDITION_COOKIE, edition.code, max_age=_ONE_YEAR_SECONDS, secure=request.is_secure(), samesite="Lax"
    )
    return response
