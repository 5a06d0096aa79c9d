"""The process is killed between "place order" and "settled", started again, and nothing is lost or doubled."""

import json
import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from storefront.payments.models import CaptureTime, Payment, PaymentPage, PaymentSetup
from storefront.payments.services import ensure_countries, reconcile
from tests.payments.books_agree import assert_books_agree, assert_cards_are_kept_as_agreed
from tests.payments.shopper import make_product, stock_of

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
NEVER = 1_000_000


class Shop:
    """A shop that sells one product, in a process a sale."""

    def __init__(self, process, product, *, sells_to_customers):
        self._process, self.product, self._sells_to_customers = process, product, sells_to_customers
        self._sales = 0

    def sell(self, moment=NEVER):
        """Sell, be killed at the moment, and return what the shop says of it."""
        self._sales += 1
        customer = f"customer-{self._sales}@example.test" if self._sells_to_customers else ""
        sale = {"product": self.product.pk, "moment": moment, "customer": customer}
        self._process.stdin.write(json.dumps(sale) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def count_moments(self):
        """Sell twice: the first sale also writes what every later one finds, so the second one's count."""
        return [self.sell()["moments"] for _ in range(2)][1]

    def be_killed(self, standin, moments):
        """Sell and be killed at each of these moments, and have everything put right after each."""
        for moment in moments:
            assert self.sell(moment) == {"killed": True}
            reconcile(now=timezone.now())
            assert_books_agree(standin)


@pytest.fixture
def start_shop(standin):
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "DATABASE_URL": f"postgres://{login}@{address}",
        "STRIPE_STANDIN_URL": standin.base_url,
    }
    started = []

    def start(*, sells_to_customers=False):
        ensure_countries()
        command = [sys.executable, "-m", "tests.payments.killed_shop"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started.append(process)
        return Shop(process, make_product(stock=200), sells_to_customers=sells_to_customers)

    yield start
    for process in started:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def assert_all_came_to_an_end(standin, shop):
    """Assert that nothing is open two hours later, and that stock is held by what was paid alone."""
    reconcile(now=timezone.now() + timedelta(hours=2))
    assert_books_agree(standin)
    assert set(Payment.objects.values_list("state", flat=True)) <= {"paid", "expired"}
    assert stock_of(shop.product) == (200, Payment.objects.filter(state="paid").count())


@pytest.mark.parametrize("way", ["the card form", "Stripe's page", "kept cards"])
def test_shop_killed_at_twenty_random_moments_loses_and_doubles_nothing(standin, start_shop, way):
    page = PaymentPage.AT_STRIPE if way == "Stripe's page" else PaymentPage.HERE
    PaymentSetup.objects.create(page=page)
    shop = start_shop(sells_to_customers=way == "kept cards")
    moments = shop.count_moments()
    paid_before = Payment.objects.filter(state="paid").count()
    seed = random.randrange(2**32)
    shop.be_killed(standin, sorted(random.Random(seed).sample(range(moments), KILLS)))
    assert_all_came_to_an_end(standin, shop)
    assert_cards_are_kept_as_agreed(standin)
    paid = Payment.objects.filter(state="paid").count() - paid_before
    print(f"\n{way}: {KILLS} kills among {moments} moments (seed {seed}), {paid} orders ended paid.")
    assert paid > 0, f"seed {seed}: killed only before paying"
    assert paid < (2 * KILLS if way == "kept cards" else KILLS), f"seed {seed}: killed only after paying"


def test_shop_killed_while_it_ships_takes_reserved_money_once(standin, start_shop):
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    shop = start_shop()
    moments = shop.count_moments()
    paid_before = Payment.objects.filter(state="paid").count()
    assert paid_before == 2
    # The last third is the shipment and the capture.
    chosen = sorted(random.sample(range(2 * moments // 3, moments), KILLS // 2))
    shop.be_killed(standin, chosen)
    captured = [e["data"]["object"]["payment_intent"] for e in standin.events("charge.captured")]
    assert len(captured) == len(set(captured))
    shipped = Payment.objects.filter(order__status="Shipped")
    assert set(shipped.values_list("state", flat=True)) == {"paid"}
    assert shipped.count() > paid_before, f"killed only before shipping: {chosen} of {moments}"
    reconcile(now=timezone.now() + timedelta(hours=2))
    assert_books_agree(standin)
