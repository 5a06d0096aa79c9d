"""Checkouts per second on PostgreSQL while Stripe takes 150 ms to answer, p95 of each step, and their SQL.

Shop, shoppers and the stand-in share one process, so the figures are lower bounds. The ratio at the end is against
the same shoppers with a Stripe that answers at once: what is left of it is what waiting for Stripe costs.
"""

import logging
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOPPERS = 8
ORDERS_EACH = 5
LATENCY_SECONDS = 0.15
PLACE_ORDER_QUERIES = 35


def main() -> None:
    """Measure in a process of its own, in a database made for it and dropped again."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("checkout needs PostgreSQL: set DATABASE_URL")
        return
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "storefront.settings.test"}
    subprocess.run([sys.executable, "-m", __spec__.name], cwd=ROOT, env=environment, check=True)


def measure() -> None:
    """Print a line per step and speed of Stripe."""
    import django

    django.setup()
    logging.disable(logging.WARNING)
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        _count_queries()
        rates = [_sell(latency) for latency in (0.0, LATENCY_SECONDS)]
        print(
            f"with a Stripe of {LATENCY_SECONDS * 1000:.0f} ms: {rates[1] / rates[0]:.2f} of the rate without waiting"
        )
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
            print(f"SQL of the {count} order: place order {_shown(placing)}, webhook {_shown(hearing)}")
        inside = [row["sql"] for row in placing if row["sql"]]
        start = next(i for i, sql in enumerate(inside) if sql.startswith("BEGIN"))
        end = next(i for i, sql in enumerate(inside) if i > start and sql.startswith("COMMIT"))
        print(
            f"  of these in the transaction that places the order: {end - start - 1}, aim {PLACE_ORDER_QUERIES}"
        )


def _shown(captured) -> str:
    return str(
        sum(not row["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for row in captured)
    )


def _sell(latency: float) -> float:
    from django.test import Client

    from tests.payments.shopper import Shopper, make_product

    with _standin(latency) as standin:
        shoppers = [Shopper(standin, Client()) for _ in range(SHOPPERS)]
        product = make_product(stock=SHOPPERS * ORDERS_EACH)
        took: dict[str, list[float]] = {"checkout": [], "place order": [], "webhook": []}
        started = time.perf_counter()
        with ThreadPoolExecutor(SHOPPERS) as pool:
            list(pool.map(lambda shopper: _buy(shopper, product, took), shoppers))
        rate = SHOPPERS * ORDERS_EACH / (time.perf_counter() - started)
    print(f"Stripe answers in {latency * 1000:.0f} ms: {rate:.1f} checkouts/s by {SHOPPERS} shoppers at once")
    for step, seconds in took.items():
        middle, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"  {step:12} median {middle * 1000:6.0f} ms   p95 {late * 1000:6.0f} ms")
    return rate


def _buy(shopper, product, took: dict[str, list[float]]) -> None:
    from django.db import connections

    from tests.payments.shopper import Order

    try:
        for _ in range(ORDERS_EACH):
            shopper.add(product)
            form = _timed(took["checkout"], shopper.form)
            answer = _timed(took["place order"], lambda form=form: shopper.send(form))
            assert answer.status_code == 200, answer.content
            order = Order(shopper, answer.json())
            order.pay()
            assert _timed(took["webhook"], order.deliver).status_code == 200
    finally:
        connections.close_all()


def _timed(took: list[float], step):
    started = time.perf_counter()
    try:
        return step()
    finally:
        took.append(time.perf_counter() - started)


if __name__ == "__main__":
    measure()
