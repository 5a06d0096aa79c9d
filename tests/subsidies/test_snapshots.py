"""A figure that was taken stays what it was: rows, formula, window, whatever happens in the shop afterwards."""

import csv
import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storefront.evidence import storage
from storefront.evidence.models import Event
from storefront.evidence.selectors import read_version
from storefront.payments.models import Dispute, Payment
from storefront.subsidies.errors import DossierRefused, EntryRefused
from storefront.subsidies.kpi.measures import measure_code, time_to_eligible
from storefront.subsidies.kpi.projection import later_month, project_months
from storefront.subsidies.models import FrozenVersion, KpiSnapshot, Project
from storefront.subsidies.objections import find_objections
from storefront.subsidies.selectors.snapshots import check_snapshot, latest_figures, monthly_series
from storefront.subsidies.services.snapshots import csv_chunks, take_snapshots
from tests.subsidies.sales import dispute, refund, sell


@pytest.fixture
def taken(project, people, now):
    """Sell in two months, take the figures and return them by code."""
    sell(at="2021-09-01T10:00:00+08:00", amount="8000.00", goods=(("Zellumo", "7000"),))
    sell(at="2022-06-30T23:59:59+08:00", amount="4000.00")
    sell(at="2022-06-30T23:59:59+08:00", amount="4000.00", is_live=False)
    take_snapshots(project=project, by=people["owner"], now=now)
    return latest_figures(project)


def rows_of(figure):
    text = b"".join(read_version(figure.snapshot.rows)).decode()
    return list(csv.DictReader(text.splitlines()))


def test_every_condition_and_the_figures_beside_it_are_taken(taken, project):
    assert {"K01", "K03", "K04", "K05", "K20", "K21"} <= taken.keys()
    sales = taken["K01"]
    assert (sales.value, sales.unit, sales.verdict) == (Decimal("1000.00"), "USD", "missed")
    assert (sales.threshold, sales.excluded) == (Decimal("300000.0000"), {"test": 1})
    assert taken["K04"].value == date(2021, 9, 1)


def test_rows_kept_as_evidence_add_up_to_the_figure(taken):
    rows = rows_of(taken["K03"])
    assert sum(Decimal(row["net_in_unit"]) for row in rows) == taken["K03"].value == Decimal("12000.00")
    assert taken["K03"].body["rows"]["count"] == len(rows) == 3
    assert taken["K03"].snapshot.rows_id == taken["K01"].snapshot.rows_id


def test_figures_that_were_taken_are_in_the_log(taken, project):
    event = Event.objects.get(verb="project.snapshot")
    figures = json.loads(event.body)["details"]["figures"]
    assert figures["K01"] == ["1000.00", "USD", taken["K01"].snapshot.sha256]


def test_what_happens_afterwards_changes_a_new_figure_only(taken, project, people, now):
    later = now + timedelta(days=1)
    payment = sell(at="2022-01-05T10:00:00+08:00", amount="500.00")
    type(payment).objects.exclude(pk=payment.pk).filter(is_live=True, amount=4000).update(
        state="needs_refund"
    )
    assert latest_figures(project)["K03"].value == Decimal("12000.00")
    take_snapshots(project=project, by=people["owner"], now=later)
    assert latest_figures(project)["K03"].value == Decimal("8500.00")
    first = KpiSnapshot.objects.filter(kpi_code="K03").first()
    check_snapshot(first)
    assert first.value == "12000.00"


def test_dispute_after_the_figure_was_taken_lowers_the_next_one_only(taken, project, people, now):
    payment = Payment.objects.get(amount=8000)
    lost = dispute(payment, at="2026-11-22T12:00:01+08:00", status="lost")
    check_snapshot(taken["K03"].snapshot)
    assert latest_figures(project)["K03"].value == Decimal("12000.00")
    take_snapshots(project=project, by=people["owner"], now=now + timedelta(hours=1))
    after = latest_figures(project)["K03"]
    assert (after.value, after.excluded["refunded"]) == (Decimal("4000.00"), 1)
    Dispute.objects.filter(pk=lost.pk).update(status="won")
    assert measure_code(project=project, code="K03", as_of=now + timedelta(hours=2)).value == 12_000


@pytest.mark.parametrize(
    ("policy", "this_window", "next_window"),
    [("order", "10000.00", "0.00"), ("refund_date", "12000.00", "-2000.00")],
)
def test_refund_in_the_next_window(taken, project, now, policy, this_window, next_window):
    refund(Payment.objects.get(amount=8000), at="2022-07-03T10:00:00+08:00", amount="2000.00")
    refund(Payment.objects.get(amount=8000), at="2022-07-04T10:00:00+08:00", amount="1000.00", state="failed")
    call = project.call
    call.award = call.award | {"refunds": policy}
    assert measure_code(project=project, code="K03", as_of=now).value == Decimal(this_window)
    call.measure_from, call.measure_to = date(2022, 7, 1), date(2023, 6, 30)
    after = measure_code(project=project, code="K03", as_of=now)
    assert (after.value, after.counted) == (Decimal(next_window), 0)


def test_part_refunded_after_the_reading_is_not_in_it(taken, project, now):
    refund(Payment.objects.get(amount=8000), at="2026-11-22T12:00:00+08:00", amount="2000.00")
    assert measure_code(project=project, code="K03", as_of=now).value == Decimal("12000.00")
    later = measure_code(project=project, code="K13", as_of=now + timedelta(seconds=1))
    assert later.value == Decimal("16.66")  # 2,000 of 12,000


def test_order_that_arrives_while_figures_are_taken_is_not_in_them(project, now):
    sell(at=now + timedelta(seconds=1))
    sell(at=now - timedelta(seconds=1))
    call = project.call
    call.measure_from, call.measure_to = date(2026, 1, 1), date(2026, 12, 31)
    assert measure_code(project=project, code="K06", as_of=now).value == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE subsidies_kpisnapshot SET value = '9'", "DELETE FROM subsidies_kpisnapshot"]
)
def test_database_refuses_to_change_a_figure(taken, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def tamper(change):
    """Change a figure as somebody with the database's own password would."""
    with connection.cursor() as cursor:
        suffix = " ON subsidies_kpisnapshot" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER subsidies_kpisnapshot_no_update{suffix}")
        cursor.execute(f"UPDATE subsidies_kpisnapshot SET {change} WHERE kpi_code = 'K03'")  # noqa: S608


@pytest.mark.parametrize(
    "change",
    ["value = '9999999.00'", "body = replace(body, '12000.00', '92000.00')", "unit = 'CNY'"],
)
def test_changed_figure_is_named_by_the_checks_and_refused(taken, project, change, now):
    tamper(change)
    with pytest.raises(DossierRefused, match="K03"):
        check_snapshot(KpiSnapshot.objects.get(kpi_code="K03"))
    found = [one for one in find_objections(project, now=now) if (one.code, one.form) == ("V15", "snapshot")]
    assert [one.about for one in found] == ["K03"]
    assert "K03" in found[0].sentence_in("zh") and "K03" in found[0].sentence_in("en")


def test_changed_byte_of_the_rows_is_found(taken, project, now):
    name = storage.blob_name(taken["K05"].snapshot.rows.sha256)
    kept = storage.evidence_storage()
    content = kept.open(name).read()
    kept.delete(name)
    with kept.open(name, "wb") as file:
        file.write(content.replace(b"7000.00", b"9000.00"))
    found = [one.about for one in find_objections(project, now=now) if one.form == "snapshot"]
    assert found == ["K05"]


def test_frozen_project_takes_no_figures(taken, project, people, now):
    Project.objects.filter(pk=project.pk).update(state="frozen")
    count = KpiSnapshot.objects.count()
    with pytest.raises(EntryRefused):
        take_snapshots(project=project, by=people["owner"], now=now)
    assert KpiSnapshot.objects.count() == count


def test_whoever_submits_takes_the_figures_and_the_version_has_them(ready, move, now):
    sell(at="2021-09-01T10:00:00+08:00", amount="8000.00")
    move(ready, "start_preparing")
    move(ready, "submit_internally")
    move(ready, "approve", by="checker")
    figures = {one["code"]: one for one in json.loads(FrozenVersion.objects.get().body)["figures"]}
    assert figures["K03"]["value"] == "8000.00"
    assert figures["K03"]["sha256"] == KpiSnapshot.objects.get(kpi_code="K03").sha256


def test_latest_figures_are_one_query(taken, project, people, now):
    take_snapshots(project=project, by=people["owner"], now=now)
    with CaptureQueriesContext(connection) as context:
        latest_figures(project)
    assert len(context) == 1


def test_series_has_every_month_and_the_average_so_far(taken):
    series = monthly_series(taken["K01"])
    assert len(series) == 12
    assert next(point for point in series if point.value).month == "2021-09"
    assert (series[2].average_so_far, series[-1].average_so_far) == (Decimal("2666.67"), Decimal("1000.00"))


def test_cell_that_a_spreadsheet_would_run_is_harmless():
    rows = [("=1+1", "-5.00", "-cmd", "@x", "plain")]
    assert (
        b"".join(csv_chunks(("a", "b", "c", "d", "e"), rows)) == b"a,b,c,d,e\n'=1+1,-5.00,'-cmd,'@x,plain\n"
    )


def months(*values):
    return [(later_month("2026-01", step), Decimal(value)) for step, value in enumerate(values)]


def average_of(threshold):
    def passes(values):
        value = sum(values) / len(values)
        return value if value >= threshold else None

    return passes


@pytest.mark.parametrize(
    ("values", "threshold", "month"),
    [
        # 1,500 so far and 400 a month: 2,400, which is 200 on average of twelve, after three months more.
        ((100, 100, 100, 400, 400, 400), 200, "2026-09"),
        ((100, 100, 100, 400, 400, 400), 50, "2026-06"),
        ((100, 100, 100, 100, 100, 100), 101, ""),
        ((0,), 1, ""),
    ],
)
def test_month_of_eligibility_by_hand(values, threshold, month):
    found = project_months(months=months(*values), window=12, passes=average_of(Decimal(threshold)))
    assert found.month == month


def test_time_to_eligible_reckons_the_last_twelve_months(project, now):
    for month in range(1, 11):
        sell(at=datetime(2026, month, 15, 4, tzinfo=now.tzinfo), amount="360000.00")
    (outlook,) = time_to_eligible(project=project, as_of=now)
    # 3,600,000 by October, 300,000 a month: met with October itself.
    assert (outlook.criterion.code, outlook.projection.month) == ("sales", "2026-10")


def test_day_of_eligibility_waits_for_what_time_does_not_change(project, now):
    for month in range(1, 11):
        sell(at=datetime(2026, month, 15, 4, tzinfo=now.tzinfo), amount="360000.00")
    found = measure_code(project=project, code="K23", as_of=now)
    assert found.value is None
    assert "Own-brand share" in found.needs[0]
