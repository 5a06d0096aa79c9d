"""The part of a page that is one visitor's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Return the link to the basket with its number, and the messages that wait; kept nowhere."""
    response = render(request, "partials/me.html")
    response.headers["Cache-Control"] = "private, no-store"
    return response
