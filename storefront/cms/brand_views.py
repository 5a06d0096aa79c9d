"""The style sheet of the shop's own colours and font: named by its content, kept for good."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from storefront.cms.remembered import brand_in_use

_A_YEAR = 365 * 24 * 60 * 60


def brand_css(request: HttpRequest, digest: str) -> HttpResponse:
    """Return the sheet; an older page's name for it leads to the one of today."""
    brand = brand_in_use()
    if digest != brand.digest and brand.digest:
        return redirect("brand-css", brand.digest)
    response = HttpResponse(brand.css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_A_YEAR if brand.digest else 60}"
    return response
