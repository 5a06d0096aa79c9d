"""Ask, confirm, end: a link in a mail only shows a button, since mail programs follow links by themselves."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View
from oscar.core.loading import get_model

from storefront.markets.editions import current_edition
from storefront.stock_alerts import services
from storefront.stock_alerts.errors import LinkNotValid
from storefront.stock_alerts.forms import AlertForm
from storefront.stock_alerts.links import Purpose, read_token
from storefront.theming.origins import comes_from_own_page


def consent_text() -> str:
    """Return the sentence beside the form, as it is kept with the wish."""
    return _("%(shop_name)s writes to me once, when this product can be bought again.") % {
        "shop_name": settings.SHOP_NAME
    }


@method_decorator(csrf_exempt, name="dispatch")
class AskView(View):
    """Takes the form from a product's page; that carries no token, so that it can be cached."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied
        form = AlertForm(request.POST)
        if not form.is_valid():
            context = {"form": form, "consent_text": consent_text()}
            return render(request, "stock_alerts/ask.html", context, status=422)
        products = get_model("catalogue", "Product").objects.filter(is_public=True)
        product = get_object_or_404(products.exclude(structure="parent"), pk=form.cleaned_data["product"])
        if not form.cleaned_data["website"]:
            edition = current_edition()
            services.ask_for_alert(
                product_id=product.pk,
                email=form.cleaned_data["email"],
                language=edition.language if edition else get_language() or settings.LANGUAGE_CODE,
                market_code=edition.market.code if edition else "",
                consent_text=consent_text(),
                now=timezone.now(),
            )
        return redirect("stock_alerts:asked")


class AskedView(TemplateView):
    template_name = "stock_alerts/asked.html"


class _LinkView(View):
    """A signed link: GET shows the button, POST does it."""

    template_name: str

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._answer(request, token, self.show)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._answer(request, token, self.act)

    def show(self, token: str) -> dict[str, Any]:
        raise NotImplementedError

    def act(self, token: str) -> dict[str, Any]:
        raise NotImplementedError

    def _answer(self, request: HttpRequest, token: str, read: Any) -> HttpResponse:
        try:
            return render(request, self.template_name, read(token))
        except LinkNotValid as error:
            return render(request, "stock_alerts/not_valid.html", {"reason": str(error)}, status=410)


class ConfirmView(_LinkView):
    template_name = "stock_alerts/confirm.html"

    def show(self, token: str) -> dict[str, Any]:
        return {"alert": services.read_alert(read_token(token, purpose=Purpose.CONFIRM))}

    def act(self, token: str) -> dict[str, Any]:
        return {"alert": services.confirm(token=token, now=timezone.now()), "is_done": True}


@method_decorator(csrf_exempt, name="dispatch")
class EndView(_LinkView):
    """The link itself is the permission; whoever follows it twice is told the same."""

    template_name = "stock_alerts/end.html"

    def show(self, token: str) -> dict[str, Any]:
        read_token(token, purpose=Purpose.END)
        return {}

    def act(self, token: str) -> dict[str, Any]:
        services.end(token=token)
        return {"is_done": True}
