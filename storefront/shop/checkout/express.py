"""Express wallets: what their sheet asks the shop, priced and ordered by the very functions of checkout."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from storefront.payments import selectors
from storefront.payments.errors import AmountDoesNotFit, NotDelivered
from storefront.theming.origins import comes_from_own_page

from .express_basket import basket_of_product, basket_of_sheet
from .express_sheet import describe_sheet, read_sheet
from .forms import FieldError
from .views import PlaceOrderView, basket_key, read_page, signed_basket_id


@method_decorator(csrf_exempt, name="dispatch")
class ExpressOrderView(PlaceOrderView):
    """Take what the wallet says, write the order, and answer as checkout does. Kept pages have no CSRF token."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied(_("This form was sent from another site."))
        if not selectors.offers_wallets():
            raise Http404
        request.POST = read_sheet(request.body)
        own = request.basket
        request.basket = basket_of_sheet(request, basket_id=signed_basket_id(request))
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            if getattr(request.basket, "is_for_one_sheet", False):
                request.basket = own

    def _refuse(
        self, request: HttpRequest, *, status: int, problem: str = "", errors: list[FieldError] | None = None
    ) -> HttpResponse:
        """Say everything in one text: a sheet has no fields to mark."""
        sentences = [problem, *(f"{error.label}: {error.message}" for error in errors or [])]
        return JsonResponse({"problem": " ".join(filter(None, sentences))}, status=status)


class ExpressSheetView(ExpressOrderView):
    """What the sheet shows: the sum, its parts and the ways of delivery, for what is chosen in it so far.

    Where a product is named, the sheet is about that alone; the shopper's basket stays as it is.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        problem = basket_of_product(request)
        if not problem and not request.basket.all_lines():
            problem = _("Your basket is empty.")
        if problem:
            return JsonResponse({"problem": problem})
        try:
            forms, summary = read_page(request, typed=request.POST)
        except (AmountDoesNotFit, NotDelivered) as error:
            return JsonResponse({"problem": str(error)})
        return JsonResponse(
            describe_sheet(
                countries=forms.countries,
                summary=summary,
                sent=request.POST,
                key=basket_key(request.basket),
            )
        )
