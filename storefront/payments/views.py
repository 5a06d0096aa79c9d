"""Where Stripe calls and where shoppers come back to: HTTP to one service call."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from storefront.payments import gateway, selectors, services
from storefront.payments.errors import GatewayError, NotConfigured, SignatureRefused, UnknownPayment

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Answer 200 only when the event is dealt with or not ours; else Stripe delivers it again."""
    now = timezone.now()
    try:
        event = gateway.read_event(
            body=request.body, signature=request.headers.get("Stripe-Signature", ""), now=now
        )
    except SignatureRefused as error:
        logger.warning("Webhook refused: %s", error)
        return HttpResponse(status=400)
    try:
        services.handle_event(event=event, now=now)
    except Exception:
        logger.exception("Event %s (%s) could not be handled.", event.id, event.type)
        return HttpResponse(status=503)
    return HttpResponse(status=200)


@require_GET
@never_cache
def return_from_stripe(request: HttpRequest) -> HttpResponse:
    """Settle the payment the shopper comes back from and show its order; trust the address for nothing."""
    intent_id = request.GET.get("payment_intent", "")
    client_secret = request.GET.get("payment_intent_client_secret", "")
    session_id = request.GET.get("session_id", "")
    try:
        if session_id:
            payment = services.settle_session(session_id=session_id, now=timezone.now())
        else:
            payment = services.settle(intent_id=intent_id, client_secret=client_secret, now=timezone.now())
    except UnknownPayment as error:
        raise Http404(str(error)) from error
    except (GatewayError, NotConfigured) as error:
        logger.warning("A returning shopper's payment could not be read: %s", error)
        payment = selectors.payment_by_token(request.GET.get("order", ""))
        known = (
            (payment.session_id == session_id if session_id else payment.intent_id == intent_id)
            if payment
            else False
        )
        if payment is None or not known:
            return render(request, "payments/return_later.html", status=503)
    return redirect("checkout:thank-you", token=selectors.order_token(payment.order))
