"""Orders, books, payouts, bank, parcels and customs side by side: every difference has its class."""

import csv
import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storefront.evidence.selectors import read_version
from storefront.payments.models import TransferReceipt
from storefront.subsidies.errors import DossierRefused, EntryRefused
from storefront.subsidies.kpi.measures import measure_code
from storefront.subsidies.models import BankLine, CustomsLine, LegalEntity, ReportedFigure
from storefront.subsidies.objections import find_objections
from storefront.subsidies.selectors.reconciliation import check_reconciliation, latest_reconciliation
from storefront.subsidies.services.reconciliation import reconcile
from storefront.subsidies.services.statements import import_bank_statement, import_customs_list
from tests.subsidies.sales import book, pay_out, refund, sell

DAY = "2021-09-01T10:00:00+08:00"
PAYDAY = date(2021, 9, 6)


@pytest.fixture
def bank(csv_file, entity, project, people, now):
    def bank(text, owner=None, encoding="utf-8"):
        return import_bank_statement(
            statement=csv_file(text, encoding=encoding),
            entity=owner or entity,
            account="…0042",
            currency="USD",
            by=people["finance"],
            now=now,
        )

    return bank


@pytest.fixture
def customs(csv_file, project, people, now):
    def customs(text):
        return import_customs_list(listing=csv_file(text), group="zellumo", by=people["finance"], now=now)

    return customs


@pytest.fixture
def run(project, people, now):
    """Return a function that reconciles and gives the open and explained classes by level."""

    def run():
        made = reconcile(project=project, by=people["finance"], now=now)
        levels = json.loads(made.body)["levels"]
        return {
            level: {kind: sums["count"] for kind, sums in kinds.items()} for level, kinds in levels.items()
        }

    return run


def test_order_that_is_whole_is_equal_at_every_level(run, bank, customs, project, now):
    payment = sell(at=DAY, amount="100.00", tracking="1Z1", is_delivered=True)
    pay_out([book(payment, fee="3.20")], arrives=PAYDAY)
    bank("date,amount,currency,reference\n2021-09-07,96.80,USD,STRIPE PAYOUT\n")
    customs(
        "清单编号,监管方式,申报日期,经营单位,订单编号,数量,总价,币制\n"
        f"Q1,9610,2021-09-02,深圳市泽陆科技有限公司,{payment.order.number},1,100.00,USD\n"
    )
    found = run()
    assert found == {level: {"equal": 1} for level in ("R1", "R2", "R4", "R5", "R6")} | {
        "R3": {"equal": 2},
        "R7": {},
    }
    shares = latest_reconciliation(project)
    assert [shares.share(code) for code in ("K16", "K17", "K19")] == [Decimal("100.00")] * 3
    assert measure_code(project=project, code="K16", as_of=now).value == 100


@pytest.mark.parametrize(
    ("level", "kind", "sale"),
    [
        ("R1", "differs", {"amount": "100.00", "captured": "90.00"}),
        ("R2", "unmatched", {"booked": None}),
        ("R2", "differs", {"booked": "99.00"}),
        ("R3", "manual_payout", {"payout": None}),
        ("R5", "unmatched", {"status": "Paid"}),
        ("R5", "untracked", {"status": "Shipped"}),
        ("R5", "in_transit", {"tracking": "1Z1"}),
        ("R6", "undeclared", {}),
    ],
)
def test_difference_has_its_class(run, level, kind, sale):
    booked, payout = sale.pop("booked", "100.00"), sale.pop("payout", "automatic")
    payment = sell(at=DAY, **{"amount": "100.00"} | sale)
    if booked:
        entry = book(payment, amount=booked)
        if payout:
            pay_out([entry], arrives=PAYDAY)
    assert run()[level][kind] == 1


def test_order_paid_a_day_ago_is_not_booked_yet(run, project, now):
    call = project.call
    call.measure_from, call.measure_to = date(2026, 1, 1), date(2026, 12, 31)
    call.save()
    sell(at=now - timedelta(days=1))
    found = run()
    assert (found["R2"], found["R3"]) == ({"timing": 1}, {"timing": 1})


def test_refund_in_the_books_is_explained_and_one_that_is_not_differs(run):
    first, second = sell(at=DAY), sell(at=DAY)
    for payment in (first, second):
        book(payment)
        refund(payment, at="2021-09-03T10:00:00+08:00", amount="30.00")
    book(first, amount="-30.00", category="refund")
    assert run()["R2"] == {"refunded": 1, "differs": 1}


def test_charge_in_another_currency_is_compared_in_the_customers(run, people, now):
    payment = sell(at=DAY, amount="100.00", currency="EUR")
    book(payment, amount="118.00", currency="USD", charged=("100.00", "EUR"))
    assert run()["R2"] == {}  # no rate: the order does not count and is not compared


def test_payout_whose_lines_are_not_its_sum_differs(run):
    pay_out([book(sell(at=DAY))], arrives=PAYDAY, amount="99.00")
    assert run()["R3"] == {"differs": 1, "equal": 1}


def test_manual_payout_is_warned_about(run, project, now):
    pay_out([book(sell(at=DAY, tracking="1Z", is_delivered=True))], arrives=PAYDAY, is_automatic=False)
    assert run()["R3"] == {"manual_payout": 2}  # the order's charge, and the payout itself
    found = [one for one in find_objections(project, now=now) if (one.code, one.form) == ("V30", "manual")]
    assert [one.values["count"] for one in found] == [1]


def test_unmatched_payouts_are_warned_about(run, project, now):
    pay_out([book(sell(at=DAY, amount="98.00"))], arrives=PAYDAY)
    book(sell(at=DAY, amount="2.00"))
    run()
    found = [one for one in find_objections(project, now=now) if (one.code, one.form) == ("V30", "unmatched")]
    assert [one.values["share"] for one in found] == ["2.00"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("2021-09-06,100.00,USD,x", "equal"),
        ("2021-09-11,100.00,USD,x", "equal"),
        ("2021-09-12,100.00,USD,x", "unmatched"),  # six days are too many
        ("2021-09-07,85.00,USD,x", "bank_fee"),
        ("2021-09-07,646.80,CNY,po_1 STRIPE", "fx_conversion"),
        ("2021-09-07,-100.00,USD,x", "unmatched"),
        ("2021-09-05,1.00,USD,x", "cut_off"),
    ],
)
def test_payout_at_the_bank_has_its_class(run, bank, statement, kind):
    pay_out([book(sell(at=DAY))], arrives=PAYDAY, name="po_1")
    last = "" if kind == "cut_off" else "2021-12-31,1.00,USD,later\n"
    bank(f"date,amount,currency,reference\n{statement}\n{last}")
    assert run()["R4"] == {kind: 1}


def transfer(payment, *, seen="100.00", on="2021-09-06", words=""):
    """Let a payment have come by bank transfer, and somebody have seen it."""
    type(payment).objects.filter(pk=payment.pk).update(way="bank_transfer", intent_id=None)
    if seen:
        TransferReceipt.objects.create(
            payment=payment,
            amount=Decimal(seen),
            currency=payment.currency,
            received_on=date.fromisoformat(on),
            statement=words,
            confirmed_at=payment.paid_at,
        )
    return payment


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("2021-09-06,100.00,USD,order @", "equal"),
        ("2021-09-11,100.00,USD,order @", "equal"),
        ("2021-09-12,100.00,USD,order @", "unmatched"),  # six days are too many
        ("2021-09-07,85.00,USD,@ less charges", "bank_fee"),
        ("2021-09-07,85.00,USD,less charges", "unmatched"),
        ("2021-09-07,646.80,CNY,@ 结汇", "fx_conversion"),
        ("2021-09-06,100.00,USD,货款", "equal"),
        ("2021-09-06,100.00,USD,order OTHER-1", "unmatched"),
        ("2021-09-05,1.00,USD,x", "cut_off"),
    ],
)
def test_bank_transfer_is_matched_to_the_bank_and_not_to_a_payout(run, bank, project, statement, kind):
    payment = transfer(sell(at=DAY))
    last = "" if kind == "cut_off" else "2021-12-31,1.00,USD,later\n"
    bank(f"date,amount,currency,reference\n{statement.replace('@', payment.order.number)}\n{last}")
    found = run()
    assert (found["R2"], found["R3"], found["R4"]) == ({"equal": 1}, {kind: 1}, {})
    is_matched = kind in ("equal", "bank_fee", "fx_conversion")
    assert latest_reconciliation(project).share("K16") == (100 if is_matched else 0)


@pytest.mark.parametrize(
    ("seen", "kinds"), [("", ("unmatched", "unmatched")), ("90.00", ("differs", "equal"))]
)
def test_bank_transfer_that_nobody_saw_or_that_was_less_stays_to_be_explained(run, bank, seen, kinds):
    payment = transfer(sell(at=DAY), seen=seen)
    bank(f"date,amount,reference\n2021-09-06,90.00,{payment.order.number}\n2021-12-31,1.00,x\n")
    found = run()
    assert (*found["R2"], *found["R3"]) == kinds


def test_bank_line_of_a_transfer_is_taken_once_and_the_payouts_line_is_left_to_it(run, bank):
    first, second = transfer(sell(at=DAY)), transfer(sell(at=DAY))
    pay_out([book(sell(at=DAY))], arrives=PAYDAY)
    bank(
        "date,amount,reference\n2021-09-06,100.00,STRIPE PAYOUT\n"
        f"2021-09-07,100.00,{second.order.number}\n2021-12-31,1.00,x\n"
    )
    found = run()
    assert found["R3"] == {"unmatched": 1, "equal": 3} and found["R4"] == {"equal": 1}
    assert first.order.number != second.order.number


def test_bank_transfer_is_known_by_the_words_somebody_saw(run, bank):
    transfer(sell(at=DAY), words="Jane Buyer")
    pay_out([book(sell(at=DAY))], arrives=PAYDAY)
    bank("date,amount,name\n2021-09-06,100.00,JANE BUYER\n2021-09-06,100.00,STRIPE\n2021-12-31,1.00,x\n")
    found = run()
    assert found["R3"] == {"equal": 3} and found["R4"] == {"equal": 1}


def test_transfer_that_went_back_in_part_is_explained(run):
    payment = transfer(sell(at=DAY))
    refund(payment, at="2021-09-08T10:00:00+08:00", amount="30.00")
    assert run()["R2"] == {"refunded": 1}


def test_bank_line_is_taken_once(run, bank):
    for _ in range(2):
        pay_out([book(sell(at=DAY))], arrives=PAYDAY)
    bank("date,amount\n2021-09-06,100.00\n2021-12-31,1.00\n")
    assert run()["R4"] == {"equal": 1, "unmatched": 1}


def test_account_of_an_affiliate_is_said(run, bank):
    affiliate = LegalEntity.objects.create(name_zh="香港", registration_number="HK1", group="zellumo")
    pay_out([book(sell(at=DAY))], arrives=PAYDAY)
    bank("date,amount\n2021-09-06,100.00\n", owner=affiliate)
    assert run()["R4"] == {"other_entity": 1}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("9610,Zellumo,100.00", "equal"),
        ("9610,Zellumo,60.00", "partly_declared"),
        ("9610,某某货代有限公司,100.00", "forwarder"),
        ("9810,Zellumo,100.00", "overseas_stock"),
    ],
)
def test_declaration_has_its_class(run, customs, project, row, kind):
    payment = sell(at=DAY, amount="110.00", delivery="10.00", tracking="1Z9")
    mode, declarant, fob = row.split(",")
    customs(
        "declaration,mode,date,exporter,tracking,qty,fob,currency\n"
        f"Q1,{mode},2021-09-02,{declarant},1Z9,1,{fob},USD\n"
    )
    assert run()["R6"] == {kind: 1}
    expected = {"partly_declared": "60.00", "forwarder": "0.00"}.get(kind, "100.00")
    assert latest_reconciliation(project).share("K19") == Decimal(expected)
    assert payment.order.number not in {line.reference for line in CustomsLine.objects.all()}


@pytest.mark.parametrize(("amount", "kind"), [("100.00", "equal"), ("101.00", "differs")])
def test_what_the_tax_office_was_told_is_compared(run, project, amount, kind):
    sell(at=DAY)
    ReportedFigure.objects.create(
        project=project, told_to="tax", what="sales", amount=Decimal(amount), currency="USD"
    )
    assert run()["R7"] == {kind: 1}


def test_items_are_evidence_and_add_up_to_the_sums(run, project):
    sell(at=DAY, amount="100.00")
    sell(at=DAY, amount="50.00", is_live=False)
    run()
    found = latest_reconciliation(project)
    rows = list(csv.DictReader(b"".join(read_version(found.record.items)).decode().splitlines()))
    assert sum(1 for row in rows if row["open"] == "1") == found.open_items == 4
    assert [line.count for line in found.lines] == [1, 1, 1, 1, 1]
    check_reconciliation(found)


def test_excluded_orders_are_not_compared(run):
    sell(at=DAY, is_live=False)
    assert run()["R1"] == {}


def test_changed_reconciliation_is_refused(run, project):
    run()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE subsidies_reconciliation SET body = '{}'")
    found = latest_reconciliation(project)
    found.record.body = found.record.body.replace('"open_items":0', '"open_items":1')
    with pytest.raises(DossierRefused):
        check_reconciliation(found)


def test_queries_do_not_grow_with_the_orders(run):
    def queries(count):
        for _ in range(count):
            pay_out([book(sell(at=DAY, tracking="1Z"))], arrives=PAYDAY)
        with CaptureQueriesContext(connection) as context:
            run()
        return len(context)

    queries(1)
    assert queries(2) == queries(20)


def test_statement_in_chinese_of_a_chinese_bank_is_read(bank):
    text = (
        "交易日期,收入金额,支出金额,币种,摘要,对方户名\n"
        '2021年9月6日,"1,234.56",,人民币,结汇,STRIPE\n20210907,,88.00,人民币,手续费,\n'
    )
    assert bank(text, encoding="gb18030").new == 2
    assert [(line.booked_on, line.amount, line.currency) for line in BankLine.objects.all()] == [
        (date(2021, 9, 6), Decimal("1234.56"), "CNY"),
        (date(2021, 9, 7), Decimal("-88.00"), "CNY"),
    ]


def test_same_lines_again_change_nothing_and_equal_lines_of_a_day_are_two(bank):
    text = "date;amount\n06.09.2021;1.234,56\n06.09.2021;1.234,56\n"
    assert (bank(text).new, bank(text).new, bank(text).known) == (2, 0, 2)
    assert bank(text + "07.09.2021;5,00\n").new == 1


def test_bad_row_is_named_and_stops_nothing(bank):
    found = bank("date,amount\nyesterday,1.00\n2021-09-06,abc\n2021-09-06,5.00\n")
    assert (found.new, found.problem_count) == (1, 2)
    assert "Row 2" in found.sentences()[0] and "abc" in found.sentences()[1]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "date,name\n2021-09-06,x\n"])
def test_file_that_is_no_statement_is_refused(bank, text):
    with pytest.raises(EntryRefused, match=r"statement\.csv"):
        bank(text)
    assert not BankLine.objects.exists()


def test_frozen_project_is_not_reconciled(project, people, now):
    type(project).objects.filter(pk=project.pk).update(state="frozen")
    with pytest.raises(EntryRefused):
        reconcile(project=project, by=people["finance"], now=now)
    assert not project.reconciliations.exists()


def test_figure_of_another_windows_reconciliation_is_not_used(run, project, now):
    pay_out([book(sell(at=DAY))], arrives=PAYDAY)
    run()
    project.call.measure_to = date(2022, 5, 31)
    assert measure_code(project=project, code="K16", as_of=datetime.now(now.tzinfo)).value is None
