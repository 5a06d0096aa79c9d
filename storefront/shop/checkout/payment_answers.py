"""What the page's script is told so that it can pay an order, or why it cannot."""

import logging
from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from storefront.payments import selectors, services
from storefront.payments.errors import GatewayRefused, GatewayUnreachable, NotConfigured, PaymentClosed

logger = logging.getLogger(__name__)


def wants_json(request: HttpRequest) -> bool:
    """Say whether the page's script asks; without JavaScript the browser asks for a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def answer_intent(request: HttpRequest, *, payment: selectors.Payment, now: datetime) -> JsonResponse:
    """Return the client secret and where to come back to: the same ones however often it is asked."""
    token = selectors.order_token(payment.order)
    if not payment.is_open or payment.is_transfer:
        return JsonResponse({"redirect": reverse("checkout:thank-you", kwargs={"token": token})})
    pay_url = reverse("checkout:pay", kwargs={"token": token})
    if payment.is_hosted:
        return JsonResponse({"redirect": reverse("checkout:hosted", kwargs={"token": token})})
    try:
        intent = services.open_intent(payment_id=payment.pk, now=now)
    except PaymentClosed as error:
        return JsonResponse({"problem": str(error), "errors": [], "pay_url": pay_url}, status=409)
    except GatewayUnreachable as error:
        logger.warning("Order %s: no payment could be started: %s", payment.order.number, error)
        problem = _(
            "Your order %(number)s is kept, but our payment service cannot be reached just now. "
            "You were not charged. Try again in a minute."
        ) % {"number": payment.order.number}
        return JsonResponse({"problem": problem, "errors": [], "pay_url": pay_url}, status=503)
    except (GatewayRefused, NotConfigured) as error:
        logger.exception("Order %s: its payment was refused.", payment.order.number)
        problem = _(
            "Your order %(number)s is kept, but its payment could not be started: %(reason)s "
            "You were not charged. Please write to us and name the order."
        ) % {"number": payment.order.number, "reason": error}
        return JsonResponse({"problem": problem, "errors": [], "pay_url": pay_url}, status=503)
    back = f"{reverse('payments:return')}?{urlencode({'order': token})}"
    return JsonResponse(
        {
            "client_secret": intent.client_secret,
            "return_url": request.build_absolute_uri(back),
            "pay_url": pay_url,
            "amount": selectors.charged_units(amount=payment.amount, currency=payment.currency),
            "currency": payment.currency.lower(),
        }
    )
