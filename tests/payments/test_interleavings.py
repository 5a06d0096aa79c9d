"""Whatever happens in whatever order: when all is heard of, the ledger is Stripe's."""

import contextlib
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import stripe
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.payment.exceptions import PaymentError as ShippingRefused
from oscar.core.loading import get_class

from storefront.payments.errors import PaymentError
from storefront.payments.models import BankTransferSetup, Capture, CaptureTime, Payment, PaymentSetup, Refund
from storefront.payments.models.captures import setup_in_use
from storefront.payments.services import (
    cancel_transfer,
    capture_payment,
    confirm_transfer,
    expire_payments,
    reconcile,
    record_manual_refund,
    release_payment,
)
from storefront.tender.models import CreditEntry
from storefront.tender.services import issue_gift_card
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import make_staff, refund
from tests.payments.shopper import Order, Shopper, deliver, make_product, stripe_client
from tests.servers.stripe.errors import ApiError

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db]
EventHandler = get_class("order.processing", "EventHandler")
REFUSALS = (PaymentError, ApiError, stripe.StripeError, InvalidOrderStatus, ShippingRefused)
CARDS = ("pm_card_visa", "pm_card_pendingRefund", "pm_card_chargeDeclined")
FAULTS = ("drop", "lose_answer", "error_500", "error_500_after", "error_429")
ORDERS_AT_MOST = 3
DISPUTE_MOVES = ("under_review", "won", "lost", "warning_under_review", "warning_closed", "needs_response")
# Paying and delivering more often than the rest, so that there is something to give back.
# Transfers and gift cards beside Stripe: their books are others and must stay out of it.
ACTS = (
    "order", "pay", "pay", "pay", "deliver", "deliver", "deliver", "lose", "reconcile", "refund", "refund",
    "dashboard_refund", "finish_refund", "dispute", "dispute", "move_dispute", "expire", "cancel", "fault", "pay_out",
    "transfer", "confirm_transfer", "confirm_transfer", "confirm_transfer", "cancel_transfer", "send_back", "send_back",
    "order_with_card", "ship", "ship", "take_part", "release",
)  # fmt: skip


def draw_steps(seed: int) -> list[tuple[str, int, int]]:
    """Return some acts, each as likely as its part in ACTS: hypothesis' own lists are mostly of a kind."""
    chance = random.Random(seed)
    return [
        (chance.choice(ACTS), chance.randrange(100), chance.randrange(100))
        for _ in range(chance.randint(8, 30))
    ]


class World:
    """A shop, its customers, its staff and Stripe, moved by one act at a time."""

    def __init__(self, standin: Any, product: Any, clerk: Any) -> None:
        self.standin, self.product, self.clerk = standin, product, clerk
        self.orders: list[Order] = []
        self.cards = [
            issue_gift_card(amount=Decimal(worth), currency="USD", now=timezone.now()) for worth in (5, 90)
        ]
        self.now = timezone.now()

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
        transfers = list(Payment.objects.filter(way="bank_transfer").order_by("pk"))
        return transfers[number % len(transfers)] if transfers else None

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
        if order := self._pick(first):
            refund(order, str(Decimal(1 + second) / 4), by=self.clerk, now=self.now)

    def _dashboard_refund(self, first: int, second: int) -> None:
        if order := self._pick(first):
            stripe_client().v1.refunds.create({"payment_intent": order.intent_id, "amount": 10 + 30 * second})

    def _finish_refund(self, first: int, second: int) -> None:
        pending = [r for r in self.standin.every("refund") if r["status"] == "pending"]
        if pending:
            status = ("succeeded", "failed", "canceled")[second % 3]
            self.standin.finish_refund(pending[first % len(pending)]["id"], status=status)

    def _dispute(self, first: int, second: int) -> None:
        order = self._pick(first)
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

    def _fault(self, first: int, second: int) -> None:
        self.standin.fail_next(FAULTS[first % len(FAULTS)], times=1 + second % 2)

    def _ship(self, first: int, _second: int) -> None:
        if order := self._pick(first):
            EventHandler(self.clerk).handle_order_status_change(order.payment.order, "Shipped")

    def _take_part(self, first: int, second: int) -> None:
        if order := self._pick(first):
            amount = Decimal(1 + second) / 4
            capture_payment(payment_id=order.payment.pk, amount=amount, by=self.clerk, now=self.now)

    def _release(self, first: int, _second: int) -> None:
        if order := self._pick(first):
            release_payment(payment_id=order.payment.pk, by=self.clerk, now=self.now)

    def _pay_out(self, _first: int, second: int) -> None:
        self.standin.pay_out(is_paid=second % 4 != 0)

    def _pick(self, number: int) -> Order | None:
        return self.orders[number % len(self.orders)] if self.orders else None


def test_any_interleaving_ends_with_stripes_ledger(standin):
    product = make_product(price="19.99", stock=60)
    clerk = make_staff("payments.add_refund", "payments.confirm_transfer", "payments.capture_payment")
    BankTransferSetup(is_offered=True, account_holder="Good Things", iban="DE89370400440532013000").save()
    seen = {
        "examples": 0,
        "paid": 0,
        "refunds": 0,
        "disputed": 0,
        "transferred": 0,
        "sent back": 0,
        "by card": 0,
        "taken when sent": 0,
    }

    # A seed cannot be shrunk; thirty steps can be read.
    @settings(
        max_examples=80,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 2**32))
    def interleave(seed):
        steps = draw_steps(seed)
        standin.reset()
        with transaction.atomic():
            world = World(standin, product, clerk)
            if is_reserved := len(steps) % 2 == 0:
                PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
            # Some of each to begin with, the first of which someone pays: else little could go back.
            world.act("order", 0, 0)
            world.act("order", 0, 1)
            world.act("transfer", 0, 0)
            world.act("order_with_card", 0, 0)
            if len(steps) % 2:
                world.act("confirm_transfer", 0, 1)
            world.act("pay", 0, 0)
            if is_reserved:
                world.act("reconcile", 0, 0)
            for step in steps:
                world.act(*step)
            world.come_to_rest()
            assert_books_agree(standin)
            assert not Payment.objects.filter(state__in=("awaiting", "processing")).exists()
            assert not Refund.objects.filter(state="requested").exists()
            assert not Capture.objects.filter(state="requested").exists()
            seen["examples"] += 1
            seen["paid"] += Payment.objects.filter(state="paid").count()
            seen["refunds"] += Refund.objects.count()
            seen["disputed"] += len(standin.every("dispute"))
            seen["transferred"] += Payment.objects.filter(state="paid", way="bank_transfer").count()
            seen["sent back"] += Refund.objects.filter(key__startswith="manual-").count()
            seen["by card"] += CreditEntry.objects.filter(
                reason="spent", order__payment__state="paid"
            ).count()
            seen["taken when sent"] += Capture.objects.filter(state="done").count()
            transaction.set_rollback(True)
        setup_in_use.forget()

    interleave()
    assert min(seen.values()) > 5, f"too little happened to prove anything: {seen}"
    print(f"\n{seen}")
