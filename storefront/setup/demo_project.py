"""A subsidy project half way, for the demo: a year of fictional orders, bills with planted mistakes, figures taken."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import store_evidence
from storefront.payments.models import Payment, PaymentState, PaymentWay
from storefront.subsidies import workflow
from storefront.subsidies.bills import BillEntry
from storefront.subsidies.models import Call, Expense, LegalEntity, Project, Site
from storefront.subsidies.services.claims import set_claim
from storefront.subsidies.services.expenses import add_paper, add_payment, approve_expense, enter_expense
from storefront.subsidies.services.moves import make_move
from storefront.subsidies.services.programmes import load_programmes
from storefront.subsidies.services.projects import (
    add_member,
    attach_document,
    confirm_clause,
    open_project,
    set_notice,
)
from storefront.subsidies.services.snapshots import take_snapshots

Line = get_model("order", "Line")
Order = get_model("order", "Order")
ShippingAddress = get_model("order", "ShippingAddress")
StockRecord = get_model("partner", "StockRecord")

CALL_FILE = Path(__file__).with_name("demo_call.yaml")
CALL_CODE = "demo-independent-site"
SECOND_CALL_CODE = "cn-sz-2022-dlz"
COMPANY = "深圳市泽陆演示科技有限公司"
CHECKER_EMAIL = "checker@example.test"
ORDERS_A_MONTH = (18, 22, 25, 27, 30, 31, 33, 34, 36, 38, 39, 41)
DOLLARS_AN_ORDER = Decimal(
    303
)  # about: filled with whole pieces, so that the year stays a little below the call
DAYS_LEFT = 20
CLAIMED = Decimal(100_000)  # the bill that is as it should be
NUMBER = "2444200000000000000"  # and a last digit
GOOD, UNPAID, PRIVATE, SAME_FILE = "as it should be", "never paid", "private card", "the first one's file"
_SEED = 2022
_STREETS = ("12 Sample Street", "7 Example Avenue", "31 Specimen Road", "4 Placeholder Lane")


def make_demo_project(*, by: Any, now: datetime) -> bool:
    """Write the project, its orders and bills, unless they are there; return whether this call wrote them."""
    load_programmes(CALL_FILE)
    with transaction.atomic():
        call = Call.objects.select_for_update().get(code=CALL_CODE)
        if Project.objects.filter(call=call).exists():
            return False
        _open_call_now(call, now=now)
        _write_orders(call)
        project = _open_projects(call, by=by, now=now)
        _enter_bills(project, by=by, now=now)
        make_move(project_id=project.pk, name="start_preparing", by=by, now=now)
    take_snapshots(project=project, by=by, now=now)
    set_claim(project=project, amount=CLAIMED, most=None, by=by, now=now)
    return True


def _open_call_now(call: Call, *, now: datetime) -> None:
    """Let the call measure the twelve whole months before now, and close in a few weeks."""
    last = timezone.localtime(now).date().replace(day=1) - timedelta(days=1)
    call.measure_from, call.measure_to = _month(last, -11), last
    call.cost_from, call.cost_to, call.fx_date = call.measure_from, last, last
    call.online_open, call.online_close = now - timedelta(days=5), now + timedelta(days=DAYS_LEFT)
    call.save()


def _month(day: date, shift: int) -> date:
    """Return the first day of the month `shift` months after that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + shift, 12)
    return date(year, month + 1, 1)


def _write_orders(call: Call) -> None:
    """Write a year of orders in bulk, paid by bank transfer: nothing of them is at Stripe, nor claims to be."""
    dice = random.Random(_SEED)  # noqa: S311 - the same orders in every demo
    moments = list(_moments(call.measure_from, dice))
    first = Order.objects.filter(number__startswith="DEMO-").count()
    addresses = ShippingAddress.objects.bulk_create(
        ShippingAddress(
            first_name="Demo",
            last_name=f"Customer {number % 260}",
            line1=f"{_STREETS[number % 4]}",
            line4="Springfield",
            state="IL",
            postcode=f"{60000 + number % 260}",
            country_id="US",
        )
        for number in range(len(moments))
    )
    stock = list(
        StockRecord.objects.filter(
            price_currency="USD", price__gt=5, product__structure__in=["child", "standalone"]
        )
        .select_related("product__parent", "partner")
        .order_by("pk")
    )
    if not stock:
        return
    baskets = [_basket(stock, dice) for _ in moments]
    orders = Order.objects.bulk_create(
        Order(
            number=f"DEMO-{first + number + 1:04d}",
            currency="USD",
            total_incl_tax=record.price * quantity,
            total_excl_tax=record.price * quantity,
            shipping_incl_tax=0,
            shipping_excl_tax=0,
            shipping_method="Standard delivery",
            shipping_address=address,
            status="Paid",
            guest_email=f"customer{number % 260}@demo.example",
            date_placed=moment,
        )
        for number, (moment, address, (record, quantity)) in enumerate(
            zip(moments, addresses, baskets, strict=True)
        )
    )
    Line.objects.bulk_create(map(_line, orders, baskets))
    Payment.objects.bulk_create(map(_payment, orders))


def _moments(first: date, dice: random.Random) -> Iterator[datetime]:
    for place, count in enumerate(ORDERS_A_MONTH):
        month = _month(first, place)
        start = datetime(month.year, month.month, 1, 4, tzinfo=timezone.get_fixed_timezone(480))
        yield from sorted(start + timedelta(minutes=dice.randrange(27 * 24 * 60)) for _ in range(count))


def _basket(stock: list[Any], dice: random.Random) -> tuple[Any, int]:
    record = stock[dice.randrange(len(stock))]
    return record, max(1, int(DOLLARS_AN_ORDER / record.price))


def _line(order: Any, basket: tuple[Any, int]) -> Any:
    record, quantity = basket
    product = record.product
    return Line(
        order=order,
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=record.partner_sku,
        stockrecord=record,
        product=product,
        title=product.title or (product.parent.title if product.parent else ""),
        quantity=quantity,
        line_price_incl_tax=order.total_incl_tax,
        line_price_excl_tax=order.total_excl_tax,
        line_price_before_discounts_incl_tax=order.total_incl_tax,
        line_price_before_discounts_excl_tax=order.total_excl_tax,
        unit_price_incl_tax=record.price,
        unit_price_excl_tax=record.price,
        num_allocated=0,
    )


def _payment(order: Any) -> Payment:
    return Payment(
        order=order,
        way=PaymentWay.BANK_TRANSFER,
        attempt_key=uuid.uuid4().hex,
        amount=order.total_incl_tax,
        currency=order.currency,
        is_live=True,
        language="en",
        state=PaymentState.PAID,
        note="Fictional: made for the demo.",
        created_at=order.date_placed,
        expires_at=order.date_placed + timedelta(days=7),
        paid_at=order.date_placed + timedelta(hours=20),
        confirmed_at=order.date_placed + timedelta(hours=20),
    )


def _open_projects(call: Call, *, by: Any, now: datetime) -> Project:
    company = LegalEntity.objects.create(
        name_zh=COMPANY,
        name_en="Zellumo Demo",
        registration_number="91440300DEMO000001",
        group="zellumo-demo",
    )
    site = Site.objects.create(
        domain="zellumo.example", owner=company, first_live_on=call.measure_from - timedelta(days=700)
    )
    project = open_project(
        call=call, entity=company, site=site, title="独立站 · 演示项目（虚构数据）", by=by, now=now
    )
    checker, _ = get_user_model().objects.get_or_create(email=CHECKER_EMAIL, defaults={"is_staff": True})
    add_member(project=project, user=checker, role=workflow.CHECKER, by=by, now=now)
    for requirement in call.documents.filter(code__in=["commitment", "licence"]):
        version = _file(f"{requirement.label_zh}（演示）", requirement.code, project=project, by=by, now=now)
        attach_document(
            project=project,
            requirement=requirement,
            version=version,
            is_sealed=requirement.is_sealed,
            by=by,
            now=now,
        )
    notice = _file(call.name_zh, "notice", project=project, by=by, now=now)
    set_notice(project=project, notice=notice, by=by, now=now)
    for clause in call.clauses.all():
        confirm_clause(project=project, clause=clause, by=by, now=now)
    historical = Call.objects.get(code=SECOND_CALL_CODE)
    open_project(
        call=historical,
        entity=company,
        site=site,
        title="深圳2022 · 历史通知演练（虚构数据）",
        by=by,
        now=now,
    )
    return project


def _file(title: str, kind: str, *, project: Project, by: Any, now: datetime) -> EvidenceVersion:
    text = f"<?xml version='1.0' encoding='UTF-8'?><Demo kind='{kind}'>{title}: fictional, made for the demo</Demo>"
    return store_evidence(
        chunks=iter([text.encode()]),
        file_name=f"{kind}.xml",
        title=title,
        kind=kind[:40],
        subject=str(project.entity),
        language="zh",
        by=by,
        now=now,
    )


def _enter_bills(project: Project, *, by: Any, now: datetime) -> None:
    """Enter one bill as it should be and five that an auditor would object to."""
    first = project.call.cost_from or now.date()
    good = BillEntry(
        kind="fapiao_e",
        number=f"{NUMBER}1",
        vendor="深圳市示例网络有限公司",
        buyer=COMPANY,
        subject="独立站建站服务（演示）",
        invoice_date=first + timedelta(days=20),
        gross=Decimal("106000.00"),
        tax=Decimal("6000.00"),
        service_from=first,
        service_to=first + timedelta(days=89),
        sites_named=project.site.domain,
    )
    bills = {
        GOOD: good,
        "billed to another company": replace(
            good, number=f"{NUMBER}2", gross=Decimal("31800.00"), buyer="深圳市另一家有限公司"
        ),
        UNPAID: replace(good, number=f"{NUMBER}3", gross=Decimal("53000.00"), subject="海外广告代投（演示）"),
        PRIVATE: replace(good, number=f"{NUMBER}4", gross=Decimal("21200.00"), subject="翻译服务（演示）"),
        "served after the window": replace(
            good,
            number=f"{NUMBER}5",
            gross=Decimal("42400.00"),
            service_from=now.date(),
            service_to=now.date() + timedelta(days=364),
        ),
        SAME_FILE: replace(
            good, number=f"{NUMBER}6", gross=Decimal("26500.00"), vendor="深圳市示例广告有限公司"
        ),
    }
    invoice = _file("发票（演示）", "invoice", project=project, by=by, now=now)
    for mistake, entry in bills.items():
        bill = replace(entry, tax=entry.gross * 6 / 106)  # all of these are whole yuan
        expense = enter_expense(project=project, bill=bill, line="site", by=by, now=now)
        is_first = mistake in (GOOD, SAME_FILE)
        paper = (
            invoice if is_first else _file(f"发票 {bill.number}", "invoice", project=project, by=by, now=now)
        )
        add_paper(expense=expense, role="invoice", version=paper, by=by, now=now)
        if mistake != UNPAID:
            _pay(expense, bill, is_private=mistake == PRIVATE, by=by, now=now)
        if mistake == GOOD:
            checker = get_user_model().objects.get(email=CHECKER_EMAIL)
            approve_expense(expense=expense, project=project, by=checker, now=now)


def _pay(expense: Expense, bill: BillEntry, *, is_private: bool, by: Any, now: datetime) -> None:
    add_payment(
        expense=expense,
        paid_on=bill.invoice_date + timedelta(days=5),
        amount=bill.gross,
        payer="王某" if is_private else COMPANY,
        method="personal_card" if is_private else "bank",
        by=by,
        now=now,
    )
