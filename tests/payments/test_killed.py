"""The process is killed between "place order" and "settled", started again, and nothing is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from storefront.payments.models import CaptureTime, Payment, PaymentSetup
from storefront.payments.services import ensure_countries, reconcile
from tests.payments.books_agree import assert_books_agree
from tests.payments.shopper import make_product, stock_of

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
NEVER = 1_000_000


def run_shop(standin, product, moment: int) -> subprocess.CompletedProcess:
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "DATABASE_URL": f"postgres://{login}@{address}",
        "STRIPE_STANDIN_URL": standin.base_url,
    }
    command = [sys.executable, "-m", "tests.payments.killed_shop", str(product.pk), str(moment)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_shop_killed_at_twenty_random_moments_loses_and_doubles_nothing(standin):
    product = make_product(stock=100)
    ensure_countries()
    # The first sale also writes what every later one finds, so the second one's moments are counted.
    for whole in [run_shop(standin, product, NEVER) for _ in range(2)]:
        assert whole.returncode == 0, whole.stderr
        moments = int(whole.stdout.split()[-1])
    seed = random.randrange(2**32)
    chosen = sorted(random.Random(seed).sample(range(moments), KILLS))
    outcomes = []
    for moment in chosen:
        killed = run_shop(standin, product, moment)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        reconcile(now=timezone.now())
        assert_books_agree(standin)
        outcomes.append(Payment.objects.order_by("-pk").first().state)
    later = timezone.now() + timedelta(hours=2)
    reconcile(now=later)
    assert_books_agree(standin)
    assert not Payment.objects.filter(
        state__in=("awaiting", "processing", "mismatch", "needs_refund")
    ).exists()
    paid = Payment.objects.filter(state="paid").count()
    assert stock_of(product) == (100, paid)
    assert 2 < paid < KILLS + 2, f"seed {seed}: killed only before or only after paying: {outcomes}"
    print(f"\n{KILLS} kills among {moments} moments (seed {seed}): {paid - 2} of them ended paid.")


def test_shop_killed_while_it_ships_takes_reserved_money_once(standin):
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    product = make_product(stock=100)
    ensure_countries()
    for whole in [run_shop(standin, product, NEVER) for _ in range(2)]:
        assert whole.returncode == 0, whole.stderr
        moments = int(whole.stdout.split()[-1])
    paid_before = Payment.objects.filter(state="paid").count()
    assert paid_before == 2
    # The last third is the shipment and the capture.
    chosen = sorted(random.sample(range(2 * moments // 3, moments), KILLS // 2))
    for moment in chosen:
        killed = run_shop(standin, product, moment)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        reconcile(now=timezone.now())
        assert_books_agree(standin)
    captured = [e["data"]["object"]["payment_intent"] for e in standin.events("charge.captured")]
    assert len(captured) == len(set(captured))
    shipped = Payment.objects.filter(order__status="Shipped")
    assert set(shipped.values_list("state", flat=True)) == {"paid"}
    assert shipped.count() > paid_before, f"killed only before shipping: {chosen} of {moments}"
    reconcile(now=timezone.now() + timedelta(hours=2))
    assert_books_agree(standin)
