"""Two steps without a sign-in: the declaration, then the button that confirms it."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from storefront.markets.editions import current_edition
from storefront.theming.origins import comes_from_own_page
from storefront.withdrawals.forms import WithdrawalForm
from storefront.withdrawals.services import declare_withdrawal


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class WithdrawView(View):
    """The first POST shows what would be declared; the second, with `confirm`, declares it.

    The form needs no cookie, so that nobody is kept from withdrawing by their browser; the browser's own headers say
    that it stands on a page of the shop.
    """

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"order_number": request.GET.get("order", "")[:128]}
        return render(request, "withdrawals/declare.html", {"form": WithdrawalForm(initial=initial)})

    def post(self, request: HttpRequest) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied
        form = WithdrawalForm(request.POST)
        if not form.is_valid() or "change" in request.POST:
            status = 200 if form.is_valid() else 422
            return render(request, "withdrawals/declare.html", {"form": form}, status=status)
        if "confirm" not in request.POST:
            return render(request, "withdrawals/confirm.html", {"form": form, "declared": form.cleaned_data})
        edition = current_edition()
        declared = {name: value for name, value in form.cleaned_data.items() if name != "scope"}
        declare_withdrawal(
            **declared,
            language=edition.language if edition else get_language() or settings.LANGUAGE_CODE,
            market_code=edition.market.code if edition else "",
            now=timezone.now(),
        )
        return redirect("withdrawals:received")


class ReceivedView(TemplateView):
    template_name = "withdrawals/received.html"
