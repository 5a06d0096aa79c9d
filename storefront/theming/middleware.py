"""A content security policy: strict for shoppers, Wagtail's needs for the back office."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_STRIPE = ["https://js.stripe.com", "https://*.js.stripe.com"]
_STRIPE_FRAMES = [*_STRIPE, "https://hooks.stripe.com"]
_STRIPE_API = ["https://api.stripe.com"]


class ContentSecurityPolicyMiddleware:
    """Set Content-Security-Policy on every answer that has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self._back_office = _back_office_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_back_office = request.path.startswith("/admin/")
        policy = (
            self._back_office
            if is_back_office
            else _shopper_policy(settings.STRIPE_STANDIN and settings.STRIPE_JS_URL)
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


@lru_cache
def _shopper_policy(standin: str | bool) -> str:
    """Return the policy with the stand-in's address in Stripe's place, where there is one."""
    if standin:
        address = urlsplit(str(standin))
        origin = f"{address.scheme}://{address.netloc}" if address.netloc else "'self'"
        scripts = frames = api = [origin]
    else:
        scripts, frames, api = _STRIPE, _STRIPE_FRAMES, _STRIPE_API
    return _join(
        {
            "default-src": ["'self'"],
            "script-src": ["'self'", *scripts],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:", "https://*.stripe.com"],
            "font-src": ["'self'"],
            "connect-src": ["'self'", *api],
            "frame-src": ["'self'", *frames],
            "object-src": ["'none'"],
            "base-uri": ["'self'"],
            "form-action": ["'self'"],
            "frame-ancestors": ["'self'"],
        }
    )


def _back_office_policy() -> str:
    return _join(
        {
            "default-src": ["'self'"],
            "script-src": ["'self'", "'unsafe-inline'"],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:", "blob:"],
            "font-src": ["'self'", "data:"],
            "object-src": ["'none'"],
            "base-uri": ["'self'"],
            "frame-ancestors": ["'self'"],
        }
    )


def _join(policy: dict[str, list[str]]) -> str:
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())
