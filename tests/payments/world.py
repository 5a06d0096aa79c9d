"""What happens to payments, one act at a time: shoppers, Stripe, the merchant and the clock."""

import contextlib
import random
from datetime import timedelta
from decimal import Decimal
from itertools import chain

import stripe
from django.test import Client
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.payment.exceptions import PaymentError as ShippingRefused
from oscar.core.loading import get_class

from storefront.core.errors import StorefrontError
from storefront.payments.services import capture_payment, expire_payments, reconcile, release_payment
from tests.payments.merchant import refund
from tests.payments.shopper import Order, Shopper, deliver, stripe_client
from tests.payments.world_ways import OtherWays
from tests.servers.stripe.errors import ApiError

EventHandler = get_class("order.processing", "EventHandler")
REFUSALS = (StorefrontError, ApiError, stripe.StripeError, InvalidOrderStatus, ShippingRefused)
FAULTS = ("drop", "lose_answer", "error_500", "error_500_after", "error_429")
CARDS = ("pm_card_visa", "pm_card_pendingRefund", "pm_card_chargeDeclined")
ORDERS_AT_MOST = 3
DISPUTE_MOVES = ("under_review", "won", "lost", "warning_under_review", "warning_closed", "needs_response")
# Paying and delivering more often than the rest, so that there is something to give back.
ACTS = (
    "order", "pay", "pay", "pay", "deliver", "deliver", "deliver", "lose", "reconcile", "refund", "refund",
    "dashboard_refund", "finish_refund", "dispute", "dispute", "move_dispute", "expire", "cancel", "fault", "pay_out",
    "change", "ship", "ship", "take_part", "release",
)  # fmt: skip
# Beside the card form, two of these in each example.
OTHER_WAYS = (
    # Their books are not Stripe's and must stay out of it.
    ("transfer", "confirm_transfer", "confirm_transfer", "confirm_transfer", "cancel_transfer", "send_back",
     "send_back", "order_with_card"),
    ("order_hosted", "open_page", "open_page", "pay_page", "pay_page", "pay_page", "close_page", "come_back"),
    ("order_signed_in", "keep_card", "pay_with_kept", "pay_with_kept", "pay_with_kept", "delete_kept", "erase"),
)  # fmt: skip


def draw_steps(seed: int) -> list[tuple[str, int, int]]:
    """Return some acts, each as likely as its part in the lists: hypothesis' own lists are mostly of a kind."""
    chance = random.Random(seed)
    acts = [*ACTS, *chain(*chance.sample(OTHER_WAYS, 2))]
    return [
        (chance.choice(acts), chance.randrange(100), chance.randrange(100))
        for _ in range(chance.randint(10, 36))
    ]


class World(OtherWays):
    """A shop, its customers, its staff and Stripe, moved by one act at a time."""

    def act(self, name: str, first: int, second: int) -> None:
        """Do one thing, unless there is nothing to do it to; what is refused changes nothing."""
        with contextlib.suppress(*REFUSALS):
            getattr(self, f"_{name}")(first, second)

    def come_to_rest(self) -> None:
        """Let everything be heard of: no more faults, every event once more in some order, two reconciliations."""
        self.standin.faults.clear()
        for event in reversed(self.standin.events()):
            deliver(self.standin, event["id"])
        for minutes in (0, 5, 130, 140, 60 * 24 * 20):
            reconcile(now=self.now + timedelta(minutes=minutes))

    def _order(self, _first: int, second: int) -> None:
        if len(self.orders) < ORDERS_AT_MOST:
            shopper = Shopper(self.standin, Client())
            shopper.add(self.product, quantity=1 + second % 2)
            answer = shopper.send(shopper.form())
            if answer.status_code == 200:
                self.orders.append(Order(shopper, answer.json()))

    def _pay(self, first: int, second: int) -> None:
        if order := self._pick(first):
            order.pay(CARDS[second % len(CARDS)])

    def _deliver(self, first: int, second: int) -> None:
        if events := self.standin.events():
            deliver(self.standin, events[(first * 100 + second) % len(events)]["id"])

    def _lose(self, first: int, _second: int) -> None:
        pending = [d for d in self.standin.webhooks.deliveries() if d["state"] == "pending"]
        if pending:
            self.standin.drop(pending[first % len(pending)]["event"])

    def _reconcile(self, _first: int, _second: int) -> None:
        reconcile(now=self.now)

    def _refund(self, first: int, second: int) -> None:
        if order := self._pick_at("succeeded", first):
            refund(order, str(Decimal(1 + second) / 4), by=self.clerk, now=self.now)

    def _dashboard_refund(self, first: int, second: int) -> None:
        if order := self._pick_at("succeeded", first):
            stripe_client().v1.refunds.create({"payment_intent": order.intent_id, "amount": 10 + 30 * second})

    def _finish_refund(self, first: int, second: int) -> None:
        pending = [r for r in self.standin.every("refund") if r["status"] == "pending"]
        if pending:
            status = ("succeeded", "failed", "canceled")[second % 3]
            self.standin.finish_refund(pending[first % len(pending)]["id"], status=status)

    def _dispute(self, first: int, second: int) -> None:
        order = self._pick_at("succeeded", first)
        disputed = {dispute["payment_intent"] for dispute in self.standin.every("dispute")}
        if order and order.intent_id not in disputed:
            status = "warning_needs_response" if second % 3 == 0 else "needs_response"
            self.standin.dispute(order.intent_id, status=status)

    def _move_dispute(self, first: int, second: int) -> None:
        if disputes := self.standin.every("dispute"):
            status = DISPUTE_MOVES[second % len(DISPUTE_MOVES)]
            self.standin.move_dispute(disputes[first % len(disputes)]["id"], status=status)

    def _expire(self, _first: int, _second: int) -> None:
        self.now += timedelta(minutes=61)
        expire_payments(now=self.now)

    def _cancel(self, first: int, _second: int) -> None:
        if order := self._pick(first):
            stripe_client().v1.payment_intents.cancel(order.intent_id)

    def _change(self, first: int, _second: int) -> None:
        """Let the shopper cancel an unpaid order and have its articles back in the basket."""
        if order := self._pick(first):
            order.shopper.client.post(f"/checkout/pay/{order.token}/change/")

    def _fault(self, first: int, second: int) -> None:
        self.standin.fail_next(FAULTS[first % len(FAULTS)], times=1 + second % 2)

    def _ship(self, first: int, _second: int) -> None:
        if order := self._pick_at("requires_capture", first):
            EventHandler(self.clerk).handle_order_status_change(order.payment.order, "Shipped")

    def _take_part(self, first: int, second: int) -> None:
        if order := self._pick_at("requires_capture", first):
            amount = Decimal(1 + second) / 4
            capture_payment(payment_id=order.payment.pk, amount=amount, by=self.clerk, now=self.now)

    def _release(self, first: int, _second: int) -> None:
        if order := self._pick_at("requires_capture", first):
            release_payment(payment_id=order.payment.pk, by=self.clerk, now=self.now)

    def _pay_out(self, _first: int, second: int) -> None:
        self.standin.pay_out(is_paid=second % 4 != 0)
