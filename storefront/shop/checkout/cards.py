"""Kept cards at checkout: the tick that keeps one, and the session with which the card form shows them."""

import logging
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from storefront.payments import selectors
from storefront.payments.errors import PaymentError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CardChoice:
    """What the payment step says of kept cards; `is_ticked` as sent, or as the order was placed."""

    may_keep: bool
    has_kept: bool
    is_ticked: bool
    text: str


def card_choice(
    request: HttpRequest, *, sent: Any = None, payment: selectors.Payment | None = None
) -> CardChoice:
    """Return the choice for who is signed in: of an order placed already only for its own customer."""
    user = request.user
    is_theirs = user.is_authenticated and (payment is None or payment.order.user_id == user.pk)
    if not is_theirs or not selectors.can_take_payments():
        is_ticked = bool(payment and payment.saves_card)
        return CardChoice(may_keep=False, has_kept=False, is_ticked=is_ticked, text="")
    return CardChoice(
        may_keep=payment is None,
        has_kept=bool(selectors.customer_id_of(user)),
        is_ticked=payment.saves_card if payment else "save_card" in (sent or {}),
        text=selectors.consent_text(),
    )


@method_decorator(never_cache, name="dispatch")
class CardSessionView(View):
    """A secret that shows the signed-in customer's cards in the card form; without one it shows an empty form."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        try:
            return JsonResponse({"client_secret": selectors.card_session(request.user)})
        except PaymentError as error:
            logger.warning("Kept cards could not be shown: %s", error)
            return JsonResponse({"client_secret": ""})
