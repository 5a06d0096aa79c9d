"""The gift cards and the store credit a shopper pays with: kept in the session until the order is placed."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest

from storefront.tender.errors import CardRefused
from storefront.tender.selectors import (
    CreditAccount,
    accounts_by_key,
    gift_card_by_code,
    store_credit_of,
)

CARDS_KEY, STORE_CREDIT_KEY = "gift_cards", "uses_store_credit"
MAX_CARDS = 5


def chosen_accounts(request: HttpRequest) -> list[CreditAccount]:
    """Return what pays first: the gift cards entered, then the store credit if the shopper wants to use it."""
    accounts = accounts_by_key(request.session.get(CARDS_KEY, []))
    own = offered_store_credit(request)
    return [*accounts, own] if own and request.session.get(STORE_CREDIT_KEY) else accounts


def offered_store_credit(request: HttpRequest) -> CreditAccount | None:
    """Return the signed-in shopper's store credit in the basket's currency, used or not."""
    return store_credit_of(request.user, currency=request.basket.currency)


def change_credit(request: HttpRequest, *, now: datetime) -> str:
    """Do what the form asks of gift cards and store credit; return the complaint, empty when there is none."""
    asked = request.POST.get("credit", "")
    cards = list(request.session.get(CARDS_KEY, []))
    if asked in ("use", "keep"):
        request.session[STORE_CREDIT_KEY] = asked == "use"
    elif asked.startswith("remove-") and asked.removeprefix("remove-").isdecimal():
        request.session[CARDS_KEY] = [key for key in cards if key != int(asked.removeprefix("remove-"))]
    elif asked == "add":
        try:
            card = gift_card_by_code(
                code=request.POST.get("gift_card", ""), currency=request.basket.currency, now=now
            )
        except CardRefused as error:
            return str(error)
        request.session[CARDS_KEY] = [*(key for key in cards if key != card.pk), card.pk][-MAX_CARDS:]
    return ""


def forget_credit(request: HttpRequest) -> None:
    """Start the next order without gift cards."""
    request.session.pop(CARDS_KEY, None)


def shown_credit(request: HttpRequest) -> Decimal | None:
    """Return what the page's script said that credit pays."""
    try:
        return Decimal(request.POST["shown_credit"])
    except (KeyError, InvalidOperation):
        return None
