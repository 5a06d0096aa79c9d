"""Whatever happens in whatever order: when all is heard of, the ledger is Stripe's."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storefront.payments.models import (
    BankTransferSetup,
    Capture,
    CaptureTime,
    CardConsent,
    Payment,
    PaymentSetup,
    Refund,
)
from storefront.payments.models.captures import setup_in_use
from storefront.tender.models import CreditEntry
from tests.payments.books_agree import assert_books_agree, assert_cards_are_kept_as_agreed
from tests.payments.merchant import make_staff
from tests.payments.shopper import make_product
from tests.payments.world import World, draw_steps

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db]


def count_what_happened(world):
    """Return how much of each kind an example came to, so that a run that proves nothing is seen."""
    paid = Payment.objects.filter(state="paid")
    return {
        "paid": paid.count(),
        "refunds": Refund.objects.count(),
        "disputed": len(world.standin.every("dispute")),
        "transferred": paid.filter(way="bank_transfer").count(),
        "sent back": Refund.objects.filter(key__startswith="manual-").count(),
        "by gift card": CreditEntry.objects.filter(reason="spent", order__payment__state="paid").count(),
        "taken when sent": Capture.objects.filter(state="done").count(),
        "paid on Stripe's page": paid.filter(is_hosted=True).count(),
        "page left": Payment.objects.filter(is_hosted=True, state__in=("expired", "cancelled")).count(),
        "card kept": CardConsent.objects.count(),
        "paid with a kept card": world.paid_with_kept,
        "accounts erased": len([c for c in world.standin.every("customer") if c.get("deleted")]),
    }


def test_any_interleaving_ends_with_stripes_ledger(standin):
    product = make_product(price="19.99", stock=60)
    clerk = make_staff("payments.add_refund", "payments.confirm_transfer", "payments.capture_payment")
    BankTransferSetup(is_offered=True, account_holder="Good Things", iban="DE89370400440532013000").save()
    seen: Counter[str] = Counter()

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
            world.act("order_hosted", 1, 1)
            world.act("order_signed_in", 1, 0)
            if len(steps) % 2:
                world.act("confirm_transfer", 0, 1)
                world.act("keep_card", 0, 0)
            world.act("pay", 0, 0)
            if is_reserved:
                world.act("reconcile", 0, 0)
            if len(steps) % 3 == 0:
                world.act("pay_page", 0, 1)
            for step in steps:
                world.act(*step)
            world.come_to_rest()
            assert_books_agree(standin)
            assert_cards_are_kept_as_agreed(standin)
            assert not Payment.objects.filter(state__in=("awaiting", "processing")).exists()
            assert not Refund.objects.filter(state="requested").exists()
            assert not Capture.objects.filter(state="requested").exists()
            seen.update(count_what_happened(world))
            transaction.set_rollback(True)
        setup_in_use.forget()

    interleave()
    assert min(seen.values()) > 5, f"too little happened to prove anything: {seen}"
    print(f"\n{dict(seen)}")
