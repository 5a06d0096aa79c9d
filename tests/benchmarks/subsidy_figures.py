"""Seconds and memory of figures, reconciliation and dossier of a window with many orders, each in its own process."""

import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORDERS = 100_000
BATCH = 5_000
START = datetime(2021, 6, 30, 16, tzinfo=UTC)
LATER = datetime(2022, 9, 1, tzinfo=UTC)
WINDOW_SECONDS = 365 * 24 * 60 * 60
LIMIT_MB = 300


def main() -> None:
    """Fill a SQLite shop with orders, then print what each step takes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "storefront.settings.dev"}
        environment.pop("DATABASE_URL", None)
        _run(environment, [sys.executable, "manage.py", "prepare_database"])
        for step in ("start", "fill", "figures", "reconciliation", "dossier"):
            answer = _run(environment, [sys.executable, "-m", __spec__.name, step])
            if step != "fill":
                print(answer.strip().splitlines()[-1], flush=True)


def _run(environment: dict[str, str], command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout[-1000:] + done.stderr[-2000:])
    return done.stdout


def _step(name: str) -> None:
    import django

    django.setup()
    started = time.monotonic()
    steps = {"fill": _fill, "figures": _figures, "reconciliation": _reconcile, "dossier": _dossier}
    said = steps.get(name, lambda: "")()
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:16} {seconds:7.1f} s  {peak:5.0f} MB at most (limit {LIMIT_MB})  {said}")


def _project():
    from storefront.subsidies.models import Project

    return Project.objects.select_related("call", "entity", "site").get()


def _figures() -> str:
    from storefront.subsidies.services.snapshots import take_snapshots

    project = _project()
    owner = project.members.get(role="owner").user
    taken = {one.kpi_code: one for one in take_snapshots(project=project, by=owner, now=LATER)}
    return f"{ORDERS} orders, {len(taken)} figures, K03 = {taken['K03'].value} {taken['K03'].unit}"


def _reconcile() -> str:
    import json

    from storefront.subsidies.services.reconciliation import reconcile

    project = _project()
    made = reconcile(project=project, by=project.members.get(role="owner").user, now=LATER)
    body = json.loads(made.body)
    count = sum(kind["count"] for level in body["levels"].values() for kind in level.values())
    return f"{body['orders']} orders, {count} comparisons, K16 = {body['shares']['K16']} %"


def _dossier() -> str:
    from storefront.subsidies.dossier.build import write_dossier
    from storefront.subsidies.services.freezing import freeze

    project = _project()
    frozen = freeze(project=project, by=project.members.get(role="owner").user, now=LATER)
    with tempfile.TemporaryFile() as file:
        written = write_dossier(frozen, file, with_customers_data=False)
        return f"{ORDERS} orders, {file.tell() / 1024 / 1024:.1f} MB zip, {written.manifest_sha256[:12]}"


def _fill() -> str:
    from django.contrib.auth import get_user_model
    from oscar.core.loading import get_model

    from storefront.subsidies.models import Call, LegalEntity, Site
    from storefront.subsidies.services.programmes import load_shipped_programmes
    from storefront.subsidies.services.projects import open_project

    load_shipped_programmes()
    owner = get_user_model().objects.create(email="owner@example.test")
    entity = LegalEntity.objects.create(name_zh="甲", registration_number="X1", group="x")
    site = Site.objects.create(domain="x.example", owner=entity, first_live_on=date(2019, 11, 3))
    call = Call.objects.get(code="cn-sz-2022-dlz")
    open_project(call=call, entity=entity, site=site, title="x", by=owner, now=LATER)
    country = get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2="US", defaults={"printable_name": "US", "name": "US"}
    )[0]
    partner = get_model("partner", "Partner").objects.create(name="House")
    for first in range(0, ORDERS, BATCH):
        _write_orders(range(first, first + BATCH), country=country, partner=partner)
    return ""


def _write_orders(numbers: range, *, country, partner) -> None:
    from oscar.core.loading import get_model

    from storefront.payments.models import BalanceTransaction, Payment, Payout, PayoutLine

    Order, Line = get_model("order", "Order"), get_model("order", "Line")
    Address = get_model("order", "ShippingAddress")
    moments = [START + timedelta(seconds=number * WINDOW_SECONDS // ORDERS) for number in numbers]
    amounts = [Decimal(2000 + number % 9000) / 100 for number in numbers]
    addresses = Address.objects.bulk_create(
        Address(line1=f"{number} Main St", line4="City", postcode=f"{number:06}", country=country)
        for number in numbers
    )
    orders = Order.objects.bulk_create(
        Order(
            number=f"B-{number}",
            currency="USD",
            total_incl_tax=amount,
            total_excl_tax=amount,
            shipping_incl_tax=0,
            shipping_excl_tax=0,
            status="Shipped",
            guest_email=f"buyer{number % 40_000}@mail.test",
            date_placed=at,
            shipping_address=address,
        )
        for number, amount, at, address in zip(numbers, amounts, moments, addresses, strict=True)
    )
    Line.objects.bulk_create(
        Line(
            order=order,
            partner=partner,
            partner_sku="SKU",
            title="Thing",
            quantity=1,
            line_price_incl_tax=order.total_incl_tax,
            line_price_excl_tax=order.total_incl_tax,
            line_price_before_discounts_incl_tax=order.total_incl_tax,
            line_price_before_discounts_excl_tax=order.total_incl_tax,
            num_allocated=0,
        )
        for order in orders
    )
    payments = Payment.objects.bulk_create(
        Payment(
            order=order,
            attempt_key=uuid.uuid4().hex,
            intent_id=f"pi_{order.number}",
            amount=order.total_incl_tax,
            currency="USD",
            is_live=True,
            language="en",
            state="paid",
            created_at=at,
            expires_at=at,
            paid_at=at,
        )
        for order, at in zip(orders, moments, strict=True)
    )
    entries = BalanceTransaction.objects.bulk_create(
        BalanceTransaction(
            transaction_id=f"txn_{payment.intent_id}",
            type="charge",
            category="charge",
            payment=payment,
            amount=payment.amount,
            fee=Decimal("0.30"),
            net=payment.amount - Decimal("0.30"),
            currency="USD",
            created_at=payment.paid_at,
            available_on=payment.paid_at + timedelta(days=2),
        )
        for payment in payments
    )
    payout = Payout.objects.create(
        payout_id=f"po_{numbers.start}",
        amount=sum(entry.net for entry in entries),
        currency="USD",
        status="paid",
        is_automatic=True,
        arrives_on=moments[-1].date() + timedelta(days=3),
        created_at=moments[-1],
        itemised_at=moments[-1],
    )
    PayoutLine.objects.bulk_create(PayoutLine(payout=payout, transaction=entry) for entry in entries)


if __name__ == "__main__":
    _step(sys.argv[1])
