"""The account's page of kept cards: what is kept, a new one, and away with one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from storefront.payments import selectors, services
from storefront.payments.errors import PaymentError


@method_decorator(never_cache, name="dispatch")
class CardListView(View):
    """The cards the customer keeps, as Stripe has them now."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        cards, problem = [], ""
        try:
            cards = selectors.saved_cards(request.user)
        except PaymentError as error:
            problem = str(error)
        context = {"cards": cards, "problem": problem, "can_add": selectors.can_take_payments()}
        return render(request, "oscar/customer/cards.html", _page(_("Your cards"), **context))


@method_decorator(never_cache, name="dispatch")
class CardAddView(View):
    """First the tick, then the card form: Stripe hears of nobody who has not agreed."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            setup = services.begin_card(
                user=request.user, has_agreed="save_card" in request.POST, now=timezone.now()
            )
        except PaymentError as error:
            return self._show(request, problem=str(error), status=400)
        return self._show(
            request,
            client_secret=setup.client_secret,
            return_url=request.build_absolute_uri(reverse("customer:cards")),
        )

    def _show(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"text": selectors.consent_text(), "stripe": selectors.browser_setup()}
        page = _page(_("Add a card"), **context)
        return render(request, "oscar/customer/card_add.html", page, status=status)


class CardDeleteView(View):
    """Delete one of the customer's own cards."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, card_id: str) -> HttpResponse:
        try:
            services.delete_card(user=request.user, card_id=card_id)
        except PaymentError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The card is deleted."))
        return redirect("customer:cards")


def _page(title: str, **context: Any) -> dict[str, Any]:
    return {"page_title": title, "active_tab": "cards", **context}
