"""Oscar's basket: its lines read in bulk, and adding to it from pages that carry no cookie."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, View
from extra_views import ModelFormSetView
from oscar.apps.basket import views
from oscar.apps.basket.views import (  # noqa: F401 - Oscar looks for its views here
    SavedView,
    VoucherAddView,
    VoucherRemoveView,
)

from storefront.shop.basket.adding import read_product, take_plain_basket
from storefront.shop.basket.lines import describe_aside, describe_lines
from storefront.shop.basket.usual_delivery import usual_delivery
from storefront.theming.origins import comes_from_own_page


class BasketView(views.BasketView):
    """The basket page: lines to change, the sum of the goods, the way to checkout."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the basket without Oscar's guess at delivery: that needs the address, and comes with it."""
        basket = self.request.basket
        basket.follow_market()
        context = ModelFormSetView.get_context_data(self, **kwargs)
        return {
            **context,
            "basket": basket,
            "lines": describe_lines(context["formset"]),
            "aside_lines": describe_aside(basket.aside_lines()) if basket.id and basket.market else [],
            "market": basket.market,
            "goods_total": basket.shown_total,
            "voucher_form": self.get_basket_voucher_form(),
            "upsell_messages": self.get_upsell_messages(basket),
            "delivery": usual_delivery(basket, self.request),
            "saved_lines": self._describe_saved_lines(),
        }

    def _describe_saved_lines(self) -> dict[str, Any] | None:
        """Return the formset of what was put aside for later, with its lines; None where nothing was."""
        if not self.request.user.is_authenticated:
            return None
        saved = self.basket_model.saved.filter(owner=self.request.user).first()
        if saved is None:
            return None
        saved.strategy = self.request.strategy
        if saved.is_empty:
            return None
        formset = views.SavedLineFormSet(
            strategy=self.request.strategy,
            basket=self.request.basket,
            queryset=saved.all_lines(),
            prefix="saved",
        )
        for form in formset:
            form.instance.basket = saved
        return {"formset": formset, "lines": describe_lines(formset)}


class MiniBasketView(BasketView):
    """The basket as a drawer that a script puts beside the page; kept nowhere."""

    template_name = "oscar/basket/mini_basket.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def get_success_url(self) -> str:
        return reverse("basket:mini")

    def get_upsell_messages(self, basket: Any) -> list:
        return []

    def _describe_saved_lines(self) -> None:
        return None


class AsideRemoveView(View):
    """Take a line out of the basket that is not sold in the shopper's market."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        basket = request.basket
        if basket.id:
            basket.aside_lines().filter(pk=pk).delete()
        return redirect("basket:summary")


@method_decorator(csrf_exempt, name="dispatch")
class BasketAddView(views.BasketAddView):
    """Put a product in the basket. The form has no CSRF token: the browser's own headers say where it stands."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not comes_from_own_page(request):
            raise PermissionDenied(_("This form was sent from another site."))
        self.product = read_product(kwargs["pk"])
        if self.product is None:
            raise Http404(_("There is no such product."))
        take_plain_basket(request)
        return FormView.post(self, request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong where the form asked to go on, as after a success."""
        super().form_invalid(form)
        return redirect(self.get_success_url())
