"""Oscar's own entrance to the dashboard leads to Wagtail's: one home, one login."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.generic import RedirectView, View


class IndexView(RedirectView):
    """Send the dashboard's front page to Wagtail's home, which has the figures of the day."""

    pattern_name = "wagtailadmin_home"


class LoginView(View):
    """Send Oscar's dashboard login to Wagtail's, keeping where the person wanted to go."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        login = getattr(settings, "WAGTAILADMIN_LOGIN_URL", reverse("wagtailadmin_login"))
        wanted = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
            login = f"{login}?{urlencode({'next': wanted})}"
        return redirect(login)
