"""Checkouts per second on PostgreSQL while Stripe takes 150 ms to answer: p95 of each step, CPU and SQL.

Each shopper has a process of their own, as a web server gives them; the stand-in for Stripe runs in the one that
measures. All share one machine, so the figures are lower bounds, and CPU says more than p95 where it is busy. The
ratio is against the same shoppers with a Stripe that answers at once: what is left of it is what waiting for it costs.
"""

import logging
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOPPERS = (1, 4, 8)
ORDERS_EACH = 10
LATENCY_SECONDS = 0.15
PLACE_ORDER_QUERIES = 35
PLACE_ORDER_P95_MS = 150


@dataclass(frozen=True)
class Took:
    """Seconds that one step of one checkout took; `at_stripe` of them it waited for Stripe."""

    step: str
    wall: float
    at_stripe: float
    cpu: float


def main() -> None:
    """Measure in a process of its own, in a database made for it and dropped again."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("checkout needs PostgreSQL: set DATABASE_URL")
        return
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "storefront.settings.test"}
    subprocess.run([sys.executable, "-m", __spec__.name], cwd=ROOT, env=environment, check=True)


def measure() -> None:
    """Print a line per step, number of shoppers and speed of Stripe."""
    import django

    django.setup()
    logging.disable(logging.WARNING)
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    _time_waiting_for_stripe()
    old = setup_databases(verbosity=0, interactive=False)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        _count_queries()
        for shoppers in SHOPPERS:
            rates = [_sell(latency, shoppers) for latency in (0.0, LATENCY_SECONDS)]
            print(f"  that is {rates[1] / rates[0]:.2f} of the rate without waiting")
    finally:
        teardown_databases(old, verbosity=0)


def _standin(latency: float):
    from django.conf import settings

    from tests.servers.stripe import StripeStandIn

    standin = StripeStandIn(
        webhook_url="http://127.0.0.1:1/",
        webhook_secret=settings.STRIPE_WEBHOOK_SECRETS[0],
        webhook_mode="manual",
        latency_seconds=latency,
    )
    settings.STRIPE_API_BASE = standin.base_url
    return standin


def _count_queries() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.payments.shopper import Order, Shopper, make_product

    with _standin(0.0) as standin:
        shopper = Shopper(standin, Client())
        products = [make_product() for _ in range(20)]
        for count, lines in (("first", 1), ("next", 1), ("first of 20 lines", 20), ("next of 20 lines", 20)):
            for product in products[:lines]:
                shopper.add(product)
            form = shopper.form()
            with CaptureQueriesContext(connection) as placing:
                answer = shopper.send(form)
            assert answer.status_code == 200, answer.content
            order = Order(shopper, answer.json())
            order.pay()
            with CaptureQueriesContext(connection) as hearing:
                assert order.deliver().status_code == 200
            print(
                f"SQL of the {count} order: place order {_shown(placing)} (aim {PLACE_ORDER_QUERIES}), "
                f"webhook {_shown(hearing)}"
            )


def _shown(captured) -> str:
    return str(
        sum(not row["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for row in captured)
    )


def _sell(latency: float, shoppers: int) -> float:
    from django.db import connections

    from tests.payments.shopper import make_product

    orders = ORDERS_EACH + 1
    product, standin = make_product(stock=shoppers * orders), _standin(latency)
    connections.close_all()
    # Forked before the stand-in begins its threads.
    with multiprocessing.get_context("fork").Pool(shoppers) as pool, standin:
        started = time.perf_counter()
        found = pool.map(_buy, [product.pk] * shoppers, chunksize=1)
        rate = shoppers * orders / (time.perf_counter() - started)
    print(f"Stripe answers in {latency * 1000:.0f} ms, {shoppers} shoppers at once: {rate:.1f} checkouts/s")
    for step in ("place order", "webhook", "return page"):
        _print_step(step, [took for one in found for took in one if took.step == step])
    return rate


def _print_step(step: str, found: list[Took]) -> None:
    whole, ours = [took.wall for took in found], [took.wall - took.at_stripe for took in found]
    bar = f" (bar {PLACE_ORDER_P95_MS})" if step == "place order" else ""
    print(
        f"  {step:11} p95 without Stripe {_p95(ours):4.0f} ms{bar}, with {_p95(whole):4.0f} ms; median without "
        f"{statistics.median(ours) * 1000:4.0f} ms, CPU {statistics.median(took.cpu for took in found) * 1000:3.0f} ms"
    )


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def _time_waiting_for_stripe() -> None:
    """Count, in every process, the seconds that requests to Stripe take."""
    import requests

    send = requests.Session.send

    def timed(self, *args, **kwargs):
        started = time.perf_counter()
        try:
            return send(self, *args, **kwargs)
        finally:
            requests.Session.seconds_waited += time.perf_counter() - started

    requests.Session.seconds_waited, requests.Session.send = 0.0, timed


def _buy(product_id: int) -> list[Took]:
    """Buy the product again and again; every second order is heard of by the return page alone."""
    from django.test import Client
    from oscar.core.loading import get_model

    from tests.payments.shopper import Order, Shopper

    found: list[Took] = []
    product = get_model("catalogue", "Product").objects.get(pk=product_id)
    shopper = Shopper(None, Client())
    for number in range(ORDERS_EACH + 1):
        shopper.add(product)
        form = shopper.form()
        answer = _timed(found, "place order", lambda form=form: shopper.send(form))
        assert answer.status_code == 200, answer.content
        order = Order(shopper, answer.json())
        order.pay()
        if number % 2:
            answer = _timed(found, "return page", lambda order=order: shopper.come_back(order))
        else:
            answer = _timed(found, "webhook", lambda order=order: _hear(order))
        assert answer.status_code in (200, 302)
        assert order.payment.is_paid
    return found[2:]


def _hear(order):
    """Post the event of the order's payment, signed here: the stand-in is in another process."""
    import json

    from django.conf import settings
    from django.test import Client

    from tests.servers.stripe import sign

    event = {
        "id": f"evt_{order.intent_id}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": {"id": order.intent_id, "metadata": {}}},
    }
    body = json.dumps(event).encode()
    signature = sign(body, secret=settings.STRIPE_WEBHOOK_SECRETS[0])
    return Client().post(
        "/payments/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )


def _timed(found: list[Took], step: str, act):
    import requests

    waited, cpu, started = requests.Session.seconds_waited, time.process_time(), time.perf_counter()
    answer = act()
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    found.append(Took(step, wall, requests.Session.seconds_waited - waited, cpu))
    return answer


if __name__ == "__main__":
    measure()
