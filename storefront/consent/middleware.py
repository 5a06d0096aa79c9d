"""Let the shop's pages load the services in use, and nothing else: the policy names their hosts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from storefront.consent.remembered import services_in_use

_HEADER = "Content-Security-Policy"
_OPENED = ("script-src", "connect-src", "img-src")


class AllowServicesMiddleware:
    """Add the services' hosts to the policy of a page; stands outside of what sets the policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = response.headers.get(_HEADER)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if policy and is_page and not request.path.startswith("/admin/"):
            origins = sorted({service.origin for service in services_in_use()})
            if origins:
                response.headers[_HEADER] = "; ".join(
                    f"{part} {' '.join(origins)}" if part.split(" ")[0] in _OPENED else part
                    for part in policy.split("; ")
                )
        return response
