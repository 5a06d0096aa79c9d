"""Whatever happens in whatever order: when all is heard of, the ledger is Stripe's."""

import contextlib
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

from storefront.payments.errors import PaymentError
from storefront.payments.models import Payment, Refund
from storefront.payments.services import expire_payments, reconcile
from tests.payments.books_agree import assert_books_agree
from tests.payments.merchant import make_staff, refund
from tests.payments.shopper import Order, Shopper, deliver, make_product, stripe_client
from tests.servers.stripe.errors import ApiError

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db]
CARDS = ("pm_card_visa", "pm_card_pendingRefund", "pm_card_chargeDeclined")
FAULTS = ("drop", "lose_answer", "error_500", "error_500_after", "error_429")
ORDERS_AT_MOST = 3
DISPUTE_MOVES = ("under_review", "won", "lost", "warning_under_review", "warning_closed", "needs_response")
# Paying and delivering more often than the rest, so that there is something to give back.
ACTS = (
    "order", "pay", "pay", "pay", "deliver", "deliver", "deliver", "lose", "reconcile", "refund", "refund",
    "dashboard_refund", "finish_refund", "dispute", "move_dispute", "expire", "cancel", "fault", "pay_out",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 99), st.integers(0, 99)), min_size=8, max_size=30
)


class World:
    """A shop, its customers, its staff and Stripe, moved by one act at a time."""

    def __init__(self, standin: Any, product: Any, clerk: Any) -> None:
        self.standin, self.product, self.clerk = standin, product, clerk
        self.orders: list[Order] = []
        self.now = timezone.now()

    def act(self, name: str, first: int, second: int) -> None:
        """Do one thing, unless there is nothing to do it to; what is refused changes nothing."""
        with contextlib.suppress(PaymentError, ApiError, stripe.StripeError):
            getattr(self, f"_{name}")(first, second)

    def come_to_rest(self) -> None:
        """Let everything be heard of: no more faults, every event once more in some order, two reconciliations."""
        self.standin.faults.clear()
        for event in reversed(self.standin.events()):
            deliver(self.standin, event["id"])
        for minutes in (0, 5, 130, 140):
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

    def _pay_out(self, _first: int, second: int) -> None:
        self.standin.pay_out(is_paid=second % 4 != 0)

    def _pick(self, number: int) -> Order | None:
        return self.orders[number % len(self.orders)] if self.orders else None


def test_any_interleaving_ends_with_stripes_ledger(standin):
    product, clerk = make_product(price="19.99", stock=20), make_staff("payments.add_refund")
    seen = {"examples": 0, "paid": 0, "refunds": 0, "disputed": 0}

    # Shrinking takes minutes; thirty steps can be read.
    @settings(
        max_examples=100,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    def interleave(steps):
        standin.reset()
        with transaction.atomic():
            world = World(standin, product, clerk)
            # Two orders to begin with, the first of which someone pays: else little could go back.
            world.act("order", 0, 0)
            world.act("order", 0, 1)
            world.act("pay", 0, 0)
            for step in steps:
                world.act(*step)
            world.come_to_rest()
            assert_books_agree(standin)
            assert not Payment.objects.filter(state__in=("awaiting", "processing")).exists()
            assert not Refund.objects.filter(state="requested").exists()
            seen["examples"] += 1
            seen["paid"] += Payment.objects.filter(state="paid").count()
            seen["refunds"] += Refund.objects.count()
            seen["disputed"] += len(standin.every("dispute"))
            transaction.set_rollback(True)

    interleave()
    assert min(seen.values()) > 20, f"too little happened to prove anything: {seen}"
    print(f"\n{seen}")
