"""An order's own pages, opened by its signed link: pay it, change it, see what became of it."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from oscar.core.loading import get_class, get_model

from storefront.payments import selectors, services
from storefront.payments.errors import (
    AccountExists,
    GatewayError,
    NotConfigured,
    OrderTaken,
    PaymentClosed,
    UnknownPayment,
)
from storefront.payments.totals import shown_line_price, totals_of_order

from .cards import card_choice
from .guest_account import GuestAccountForm, Offer, is_recent, offer_account
from .payment_answers import answer_intent, wants_json
from .summary import LineView, product_picture
from .views import SESSION_KEY

logger = logging.getLogger(__name__)
RegisterUserMixin = get_class("customer.mixins", "RegisterUserMixin")


@method_decorator(never_cache, name="dispatch")
class _OrderView(View):
    """A page about the order its address is signed for."""

    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
        payment = selectors.payment_by_token(token)
        if payment is None:
            raise Http404(_("This link does not lead to an order."))
        self.token, self.payment = token, payment
        response = super().dispatch(request, *args, **kwargs)
        # The address opens the order for whoever has it: tell it to nobody.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def render(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        order = self.payment.order
        lines = list(selectors.order_lines(order))
        context |= {
            "token": self.token,
            "payment": self.payment,
            "order": order,
            "lines": [
                LineView(
                    line.title,
                    line.quantity,
                    shown_line_price(line, order=order),
                    product_picture(line.product),
                )
                for line in lines
            ],
            "item_count": sum(line.quantity for line in lines),
            "totals": totals_of_order(order),
            "transfer": selectors.transfer_details(self.payment),
        }
        return render(request, self.template_name, context, status=status)


class PayView(_OrderView):
    """Pay an order that exists: after a declined card, a closed browser, or without JavaScript at first."""

    template_name = "oscar/checkout/pay.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.payment.is_awaiting or self.payment.is_transfer:
            return redirect("checkout:thank-you", token=self.token)
        amount, currency = self.payment.amount, self.payment.currency
        return self.render(
            request,
            stripe=selectors.browser_setup(),
            is_hosted=self.payment.is_hosted,
            card=card_choice(request, payment=self.payment),
            minor_total=selectors.charged_units(amount=amount, currency=currency),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if not wants_json(request):
            return redirect("checkout:pay", token=self.token)  # pressed before the page's script was there
        return answer_intent(request, payment=self.payment, now=timezone.now())


class HostedView(_OrderView):
    """On to Stripe's own page: the same one however often it is asked for."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.payment.is_awaiting or not self.payment.is_hosted:
            return redirect("checkout:thank-you", token=self.token)
        back = reverse("checkout:pay", kwargs={"token": self.token})
        # Stripe fills in the braces, so they must not be encoded.
        paid = f"{reverse('payments:return')}?{urlencode({'order': self.token})}&session_id={{CHECKOUT_SESSION_ID}}"
        addresses = services.ReturnAddresses(
            paid=request.build_absolute_uri("/").rstrip("/") + paid, back=request.build_absolute_uri(back)
        )
        try:
            return redirect(
                services.open_session(payment_id=self.payment.pk, addresses=addresses, now=timezone.now())
            )
        except PaymentClosed as error:
            messages.error(request, str(error))
            return redirect("checkout:thank-you", token=self.token)
        except (GatewayError, NotConfigured) as error:
            logger.warning("Order %s: no page of Stripe's: %s", self.payment.order.number, error)
            messages.error(
                request,
                _(
                    "Your order %(number)s is kept, but our payment service cannot be reached just now. "
                    "You were not charged. Try again in a minute."
                )
                % {"number": self.payment.order.number},
            )
            return redirect("checkout:pay", token=self.token)


class ChangeOrderView(_OrderView):
    """Cancel an unpaid order and put its articles back in the basket."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            services.return_to_basket(payment=self.payment, basket=request.basket, now=timezone.now())
        except (PaymentClosed, GatewayError) as error:
            messages.error(request, str(error))
            return redirect("checkout:thank-you", token=self.token)
        request.session.pop(SESSION_KEY, None)
        messages.info(
            request,
            _("Order %(number)s is cancelled and was not charged. Its items are in your basket again.")
            % {"number": self.payment.order.number},
        )
        return redirect("basket:summary")


class _ResultView(_OrderView):
    def get(self, request: HttpRequest) -> HttpResponse:
        self.payment = _refreshed(self.payment)
        if not self.payment.is_open:
            request.session.pop(SESSION_KEY, None)
        return self.render(request)


class ThankYouView(RegisterUserMixin, _ResultView):
    """What became of the order, right after paying, and an account for the guest who placed it."""

    template_name = "oscar/checkout/thank_you.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        offer = offer_account(request, payment=self.payment, now=timezone.now())
        try:
            if offer == Offer.KEEP:
                services.keep_in_account(payment=self.payment, user=request.user)
            elif offer == Offer.OPEN:
                form = GuestAccountForm(request.POST, payment=self.payment)
                if not form.is_valid():
                    return self.render(request, account_form=form, status=400)
                self.register_user(form)
            else:
                return self._answer_again(request)
        except AccountExists:
            return redirect("checkout:thank-you", token=self.token)  # which now says to sign in
        except OrderTaken:
            return self._answer_again(request)
        messages.success(request, _("Your account has this order now."))
        return redirect("customer:order", order_number=self.payment.order.number)

    def render(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        offer = offer_account(request, payment=self.payment, now=timezone.now())
        context.setdefault("account_form", GuestAccountForm(payment=self.payment))
        return super().render(request, status=status, account_offer=offer, **context)

    def _answer_again(self, request: HttpRequest) -> HttpResponse:
        """Answer the same form sent twice as the first time: the session it came with may be gone since."""
        owner = get_model("order", "Order").objects.get(pk=self.payment.order_id).user
        password = request.POST.get("password1", "")
        if (
            owner
            and password
            and is_recent(self.payment, now=timezone.now())
            and not request.user.is_authenticated
        ):
            user = authenticate(request, username=owner.email, password=password)
            if user == owner:
                login(request, user)
        if owner and request.user == owner:
            return redirect("customer:order", order_number=self.payment.order.number)
        return redirect("checkout:thank-you", token=self.token)


class OrderView(_ResultView):
    """Where the order stands: the page the confirmation mail links to."""

    template_name = "oscar/checkout/order.html"

    def render(self, request: HttpRequest, **context: Any) -> HttpResponse:
        order = self.payment.order
        parcels = selectors.parcels_of(order)
        is_sent = order.status == "Shipped" or (bool(parcels) and selectors.is_all_sent(order.pk))
        return super().render(request, parcels=parcels, is_sent=is_sent, **context)


def _refreshed(payment: selectors.Payment) -> selectors.Payment:
    """Ask Stripe once more while a payment is open, so that no page waits for a webhook."""
    if not payment.is_open or not (payment.intent_id or payment.session_id):
        return payment
    try:
        if payment.session_id and payment.is_awaiting:
            services.settle_session(session_id=payment.session_id, now=timezone.now())
        else:
            services.settle(intent_id=payment.intent_id or "", now=timezone.now())
    except (GatewayError, NotConfigured, UnknownPayment) as error:
        logger.warning("Order %s: its payment could not be read: %s", payment.order.number, error)
        return payment
    return selectors.payment_by_token(selectors.order_token(payment.order)) or payment
