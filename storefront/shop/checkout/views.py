"""Checkout on one page: fill in, order, pay. The order is written before Stripe is asked for anything."""

import logging
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from storefront.payments import selectors, services
from storefront.payments.errors import AmountDoesNotFit, NotDelivered, PaymentError, TotalChanged
from storefront.payments.selectors import PaymentWay
from storefront.tender.errors import CreditChanged
from storefront.theming.templatetags.theme import money

from .cards import card_choice
from .credit import change_credit, chosen_accounts, forget_credit, offered_store_credit, shown_credit
from .forms import CheckoutForms, FieldError
from .guest_account import note_placed_order
from .payment_answers import answer_intent, wants_json
from .summary import Summary, delivery_methods, summarise
from .terms import market_of, read_terms
from .ways import offered_ways, sent_way, way_choices

logger = logging.getLogger(__name__)

_BASKET_SIGNER = Signer(salt="storefront.checkout.basket")
SESSION_KEY = "unpaid_order"


@method_decorator(never_cache, name="dispatch")
class CheckoutView(View):
    """The page: GET shows it, POST shows it again with other choices (without JavaScript)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if _is_empty(request.basket):
            return _leave_empty_checkout(request)
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if _is_empty(request.basket):
            return _leave_empty_checkout(request)
        return self.show(request, typed=request.POST)

    def show(
        self,
        request: HttpRequest,
        *,
        data: Any = None,
        typed: Any = None,
        problem: str = "",
        credit_problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """Render the page: `data` with what is wrong with it, `typed` as it was without complaints."""
        try:
            forms, summary = read_page(request, data=data, typed=typed)
        except (AmountDoesNotFit, NotDelivered) as error:
            messages.error(request, str(error))
            return redirect("basket:summary")
        context = {
            "forms": forms,
            "errors": forms.errors() if forms.is_bound else [],
            "problem": problem or summary.problem,
            "summary": summary,
            "basket_key": basket_key(request.basket),
            "stripe": (setup := selectors.browser_setup()),
            "is_hosted": setup["is_hosted"],
            "card": card_choice(request, sent=typed or data),
            "ways": way_choices(ways=offered_ways(summary.currency), sent=typed or data),
            "store_credit": offered_store_credit(request),
            "credit_problem": credit_problem,
        }
        return render(request, "oscar/checkout/checkout.html", context, status=status)


class CreditView(CheckoutView):
    """Add or remove a gift card, use or keep store credit; whatever else is filled in stays so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("checkout:index")

    def post(self, request: HttpRequest) -> HttpResponse:
        if _is_empty(request.basket):
            return _leave_empty_checkout(request)
        problem = change_credit(request, now=timezone.now())
        return self.show(request, typed=request.POST, credit_problem=problem)


@method_decorator(never_cache, name="dispatch")
class SummaryView(View):
    """What the order comes to with what is filled in so far, for the page's script."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        if _is_empty(request.basket):
            return JsonResponse({"redirect": reverse("basket:summary")})
        try:
            _forms, summary = read_page(request, typed=request.POST)
        except (AmountDoesNotFit, NotDelivered):
            return JsonResponse({"redirect": reverse("basket:summary")})
        context = {"summary": summary}
        return JsonResponse(
            {
                "sums": render_to_string("oscar/checkout/partials/sums.html", context, request),
                "total": money(summary.charge, summary.currency),
                "shown_total": str(summary.total),
                "shown_credit": str(summary.totals.credit),
                "minor_total": summary.minor_total,
                "vat_answer": summary.vat_answer,
                "problem": summary.problem,
                "too_small": summary.too_small,
            }
        )


@method_decorator(never_cache, name="dispatch")
class PlaceOrderView(CheckoutView):
    """Take the form, write the order, and hand the browser what it needs to pay it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        payment = _already_ordered(request)
        if payment is None:
            if _is_empty(request.basket):
                return self._answer_empty(request)
            ways = offered_ways(request.basket.currency)
            way = sent_way(request.POST, ways=ways) if ways else None
            if way is None or (way == PaymentWay.STRIPE and way not in ways):
                return self._refuse(request, problem=_("Payments are not set up yet."), status=503)
            methods = delivery_methods(basket=request.basket, user=request.user)
            forms = CheckoutForms(
                user=request.user, methods=methods, market=market_of(request), data=request.POST
            )
            if not forms.is_valid():
                return self._refuse(request, errors=forms.errors(), status=400)
            try:
                payment = _place(request, forms=forms, methods=methods, way=way)
            except (PaymentError, CreditChanged) as error:
                status = 409 if isinstance(error, TotalChanged | CreditChanged) else 400
                return self._refuse(request, problem=str(error), status=status)
        request.session[SESSION_KEY] = payment.pk
        note_placed_order(request, payment)
        if not wants_json(request):
            return redirect("checkout:pay", token=selectors.order_token(payment.order))
        return answer_intent(request, payment=payment, now=timezone.now())

    def _refuse(
        self, request: HttpRequest, *, status: int, problem: str = "", errors: list[FieldError] | None = None
    ) -> HttpResponse:
        if not wants_json(request):
            return self.show(request, data=request.POST, problem=problem, status=status)
        found = [{"id": e.id, "label": e.label, "message": e.message} for e in errors or []]
        return JsonResponse({"problem": problem, "errors": found, "reload": status == 409}, status=status)

    def _answer_empty(self, request: HttpRequest) -> HttpResponse:
        response = _leave_empty_checkout(request)
        return JsonResponse({"redirect": response.url}) if wants_json(request) else response


def _is_empty(basket: Any) -> bool:
    """Say whether nothing can be ordered, by the lines that are read for that anyway."""
    return not basket.all_lines()


def read_page(request: HttpRequest, *, data: Any = None, typed: Any = None) -> tuple[CheckoutForms, Summary]:
    request.basket.follow_market()
    methods = delivery_methods(basket=request.basket, user=request.user)
    if not methods:
        raise NotDelivered(_("Nothing is delivered here just now. Your basket is kept."))
    forms = CheckoutForms(
        user=request.user, methods=methods, market=market_of(request), data=data, typed=typed
    )
    now = timezone.now()
    summary = summarise(
        basket=request.basket,
        methods=methods,
        chosen_code=forms.method_code,
        terms=read_terms(request, forms=forms, now=now),
        credit_accounts=chosen_accounts(request),
        now=now,
    )
    return forms, summary


def _place(
    request: HttpRequest, *, forms: CheckoutForms, methods: list[Any], way: PaymentWay
) -> selectors.Payment:
    now = timezone.now()
    shipping_address, billing_address = forms.addresses()
    placed = services.place_order(
        basket=request.basket,
        user=request.user,
        email=forms.email,
        shipping_address=shipping_address,
        billing_address=billing_address,
        shipping_method=next(method for method in methods if method.code == forms.method_code),
        shown_total=_shown_total(request),
        now=now,
        terms=read_terms(request, forms=forms, now=now),
        credit_accounts=[account.pk for account in chosen_accounts(request)],
        shown_credit=shown_credit(request),
        way=way,
        saves_card="save_card" in request.POST,
    )
    forget_credit(request)
    if placed.next_basket:
        _go_on_with(request, placed.next_basket)
    return placed.payment


def _go_on_with(request: HttpRequest, basket: Any) -> None:
    """Let the shopper keep what was not sold here: the answer's cookie names this basket."""
    basket.strategy = request.strategy
    request.basket = basket
    request.cookies_to_delete.append(settings.OSCAR_BASKET_COOKIE_OPEN)


def _already_ordered(request: HttpRequest) -> selectors.Payment | None:
    """Return the payment of the order this very page was already sent for: a second tab, a second click."""
    basket_id = signed_basket_id(request)
    return None if basket_id is None else selectors.payment_for_basket(basket_id)


def basket_key(basket: Any) -> str:
    """Return what a page sends back to say which basket it is about."""
    return _BASKET_SIGNER.sign(basket.pk)


def signed_basket_id(request: HttpRequest) -> int | None:
    """Return which basket the page that was sent is about; None where it does not say so with our signature."""
    try:
        return int(_BASKET_SIGNER.unsign(request.POST.get("basket_key", "")))
    except (BadSignature, ValueError):
        return None


def _shown_total(request: HttpRequest) -> Decimal | None:
    """Return the total the page's script showed; without a script the next page shows it before paying."""
    try:
        return Decimal(request.POST["shown_total"])
    except (KeyError, InvalidOperation):
        return None


def _leave_empty_checkout(request: HttpRequest) -> HttpResponse:
    """Lead back to the order placed a moment ago and not yet paid, or to the empty basket."""
    payment = selectors.open_payment(request.session.get(SESSION_KEY))
    if payment:
        return redirect("checkout:pay", token=selectors.order_token(payment.order))
    messages.info(request, _("Your basket is empty. Choose something first, then check out."))
    return redirect("basket:summary")
