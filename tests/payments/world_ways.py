"""The ways to an order and its money beside the card form: Stripe's page, kept cards, transfers, gift cards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from storefront.payments import selectors
from storefront.payments.models import Payment, PaymentPage, PaymentSetup
from storefront.payments.services import (
    begin_card,
    cancel_transfer,
    confirm_transfer,
    delete_card,
    record_manual_refund,
)
from storefront.privacy.services import erase_customer
from storefront.tender.services import issue_gift_card
from tests.payments.shopper import HostedOrder, Order, Shopper, stripe_client

HOSTED_AT_MOST = SIGNED_IN_AT_MOST = 3


class OtherWays:
    """A shop, its staff and Stripe, and those who pay otherwise than by a card typed into the shop's own page."""

    def __init__(self, standin: Any, product: Any, clerk: Any) -> None:
        self.standin, self.product, self.clerk = standin, product, clerk
        self.orders: list[Order] = []
        self.hosted: list[HostedOrder] = []
        self.signed_in: list[Order] = []
        self.cards = [
            issue_gift_card(amount=Decimal(worth), currency="USD", now=timezone.now()) for worth in (5, 90)
        ]
        self.now = timezone.now()
        self._customer: Any = None
        self._customers = self.paid_with_kept = 0

    @property
    def customer(self) -> Any:
        """Return somebody with an account; after it was erased, somebody else."""
        if self._customer is None:
            self._customers += 1
            self._customer = get_user_model().objects.create_user(f"customer-{self._customers}@example.test")
        return self._customer

    def _pick(self, number: int) -> Any:
        """Return one of the orders that Stripe is to bring the money of."""
        return _one_of([*self.orders, *self.hosted, *self.signed_in], number)

    def _pick_at(self, status: str, number: int) -> Any:
        """Return mostly one whose intent is there at Stripe."""
        there = {i["id"] for i in self.standin.every("payment_intent") if i["status"] == status}
        orders = [*self.orders, *self.hosted, *self.signed_in]
        some = [order for order in orders if order.intent_id in there] if number % 4 else []
        return _one_of(some or orders, number)

    def _order_hosted(self, first: int, second: int) -> None:
        """Order while the shop sends customers to Stripe, sometimes with a card to keep, and go there or not."""
        if len(self.hosted) == HOSTED_AT_MOST:
            return
        setup = PaymentSetup.load()
        setup.page = PaymentPage.AT_STRIPE
        setup.save()
        try:
            shopper = self._sign_in() if first % 3 == 0 else Shopper(self.standin, Client())
            shopper.add(self.product, quantity=1 + second % 2)
            answer = shopper.send(shopper.form(save_card="yes" if first % 2 else None))
        finally:
            setup.page = PaymentPage.HERE
            setup.save()
        if answer.status_code == 200:
            self.hosted.append(HostedOrder(shopper, answer.json()["redirect"]))
            if second % 3:
                self.hosted[-1].open()

    def _open_page(self, first: int, _second: int) -> None:
        if order := _one_of(self.hosted, first):
            order.open()

    def _pay_page(self, first: int, second: int) -> None:
        if order := _one_of(self.hosted, first):
            order.pay("pm_card_chargeDeclined" if second % 4 == 0 else "pm_card_visa")

    def _close_page(self, first: int, _second: int) -> None:
        """Let the page's time run out at Stripe."""
        if order := _one_of(self.hosted, first):
            self.standin.expire_session(order.session_id)

    def _come_back(self, first: int, _second: int) -> None:
        order = self._pick(first)
        if isinstance(order, HostedOrder):
            order.come_back(f"/payments/return/?session_id={order.session_id}")
        elif order:
            order.shopper.come_back(order)

    def _order_signed_in(self, first: int, _second: int) -> None:
        """Order with an account, with or without the tick that keeps the card."""
        if len(self.signed_in) < SIGNED_IN_AT_MOST:
            shopper = self._sign_in()
            shopper.add(self.product)
            answer = shopper.send(shopper.form(save_card="yes" if first % 2 else None))
            if answer.status_code == 200:
                self.signed_in.append(Order(shopper, answer.json()))

    def _keep_card(self, first: int, _second: int) -> None:
        """Keep a card in the account."""
        setup = begin_card(user=self.customer, has_agreed=True, now=self.now)
        details = {"payment_method": "pm_card_visa", "return_url": "https://shop.example.test/"}
        stripe_client().v1.setup_intents.confirm(setup.id, details)

    def _pay_with_kept(self, first: int, second: int) -> None:
        """Pay an order with a card that is kept, be it the customer's own order or, in vain, another's."""
        card = _one_of(selectors.saved_cards(self.customer), second)
        order = self._pick(first) if second % 5 == 0 else _one_of(self.signed_in, first)
        if card and order:
            order.pay(card.id)
            self.paid_with_kept += 1

    def _delete_kept(self, first: int, _second: int) -> None:
        if card := _one_of(selectors.saved_cards(self.customer), first):
            delete_card(user=self.customer, card_id=card.id)

    def _erase(self, first: int, second: int) -> None:
        """Erase the account, which is refused while an order is on its way, or one that only keeps a card."""
        own = self._customer
        if second % 2:
            self._customer = None
            self._keep_card(first, second)
        erase_customer(customer=self.customer)
        self._customer = own if second % 2 else None

    def _sign_in(self) -> Shopper:
        client = Client()
        client.force_login(self.customer, backend="oscar.apps.customer.auth_backends.EmailBackend")
        return Shopper(self.standin, client)

    def _order_with_card(self, first: int, second: int) -> None:
        """Order with a gift card, which pays a part or all of it; at most one order a card is free."""
        shopper = Shopper(self.standin, Client())
        shopper.add(self.product)
        shopper.open_checkout()
        code = self.cards[first % len(self.cards)].code
        shopper.client.post("/checkout/credit/", {"credit": "add", "gift_card": code})
        answer = shopper.send(shopper.form())
        if answer.status_code == 200 and "client_secret" in answer.json():
            self.orders.append(Order(shopper, answer.json()))

    def _transfer(self, _first: int, second: int) -> None:
        shopper = Shopper(self.standin, Client())
        shopper.add(self.product, quantity=1 + second % 2)
        shopper.send(shopper.form(way="bank_transfer"))

    def _confirm_transfer(self, first: int, second: int) -> None:
        if payment := self._pick_transfer(first):
            amount = payment.amount - (1 if second % 5 == 0 else 0)  # too little is refused
            day = {"received_on": self.now.date(), "statement": "A LIND"}
            confirm_transfer(payment_id=payment.pk, amount=amount, by=self.clerk, now=self.now, **day)

    def _cancel_transfer(self, first: int, _second: int) -> None:
        if payment := self._pick_transfer(first):
            cancel_transfer(payment_id=payment.pk, by=self.clerk, now=self.now)

    def _send_back(self, first: int, second: int) -> None:
        if payment := self._pick_transfer(first):
            details = {"reason": "requested_by_customer", "note": "", "by": self.clerk, "now": self.now}
            amount = Decimal(1 + second) / 4
            record_manual_refund(payment_id=payment.pk, key=f"{first}-{second}", amount=amount, **details)

    def _pick_transfer(self, number: int) -> Payment | None:
        return _one_of(list(Payment.objects.filter(way="bank_transfer").order_by("pk")), number)


def _one_of(things: Sequence[Any], number: int) -> Any:
    return things[number % len(things)] if things else None
