"""Ask, confirm, end: a link in a mail only shows a button, since mail programs follow links by themselves."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from storefront.markets.editions import current_edition
from storefront.newsletter import services
from storefront.newsletter.errors import LinkNotValid
from storefront.newsletter.forms import SubscribeForm
from storefront.newsletter.links import Purpose, read_token
from storefront.newsletter.models import State
from storefront.theming.origins import comes_from_own_page


def consent_text() -> str:
    """Return the sentence beside the form, as it is kept with the wish."""
    return _(
        "%(shop_name)s writes to me about its products, about once a month. I can end this at any time by the link"
        " in each email."
    ) % {"shop_name": settings.SHOP_NAME}


@method_decorator(csrf_exempt, name="dispatch")
class SubscribeView(View):
    """Takes the form from any page of the shop; those carry no token, so that they can be cached."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, SubscribeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied
        form = SubscribeForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        if not form.cleaned_data["website"]:
            edition = current_edition()
            services.ask_to_subscribe(
                email=form.cleaned_data["email"],
                language=edition.language if edition else get_language() or settings.LANGUAGE_CODE,
                market_code=edition.market.code if edition else "",
                consent_text=consent_text(),
                now=timezone.now(),
            )
        return redirect("newsletter:asked")

    def _show(self, request: HttpRequest, form: SubscribeForm, status: int = 200) -> HttpResponse:
        return render(
            request,
            "newsletter/subscribe.html",
            {"form": form, "consent_text": consent_text()},
            status=status,
        )


class AskedView(TemplateView):
    template_name = "newsletter/asked.html"


class _LinkView(View):
    """A signed link: GET shows the button, POST does it."""

    purpose: Purpose
    template_name: str

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            email = read_token(token, purpose=self.purpose)
        except LinkNotValid as error:
            return self._refuse(request, error)
        return render(request, self.template_name, {"email": email})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            return render(request, self.template_name, self.act(token))
        except LinkNotValid as error:
            return self._refuse(request, error)

    def act(self, token: str) -> dict:
        raise NotImplementedError

    def _refuse(self, request: HttpRequest, error: LinkNotValid) -> HttpResponse:
        return render(request, "newsletter/not_valid.html", {"reason": str(error)}, status=410)


class ConfirmView(_LinkView):
    purpose = Purpose.CONFIRM
    template_name = "newsletter/confirm.html"

    def act(self, token: str) -> dict:
        row = services.confirm(token=token, now=timezone.now())
        if row.state != State.CONFIRMED:
            raise LinkNotValid
        return {"email": row.email, "is_done": True}


@method_decorator(csrf_exempt, name="dispatch")
class EndView(_LinkView):
    """Mail programs post here without a token or a cookie (RFC 8058); the link itself is the permission."""

    purpose = Purpose.END
    template_name = "newsletter/end.html"

    def act(self, token: str) -> dict:
        services.end(token=token, now=timezone.now())
        return {"is_done": True}
