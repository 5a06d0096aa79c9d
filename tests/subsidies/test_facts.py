"""Which orders count, in which month, and for how much."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.payments.models import Parcel
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.facts.exclusions import Marks
from storefront.subsidies.facts.sales import load_marks, read_sales
from storefront.subsidies.facts.windows import Window, day_of, month_of
from storefront.subsidies.services.marks import mark_sales
from tests.subsidies.sales import sell

YEAR = Window(date(2021, 7, 1), date(2022, 6, 30))
LATER = datetime(2026, 11, 22, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def found(marks=Marks()):  # noqa: B008 - plain data
    return list(read_sales(window=YEAR, marks=marks, as_of=LATER))


def test_window_has_its_twelve_months():
    assert (len(YEAR.months), YEAR.months[0], YEAR.months[-1]) == (12, "2021-07", "2022-06")


def test_days_are_those_of_china_while_the_server_counts_in_utc():
    sell(at="2022-06-30T15:59:59+00:00")  # 23:59:59 in Shanghai
    sell(at="2022-06-30T16:00:00+00:00")  # midnight of the 1st of July
    sell(at="2021-06-30T16:00:00+00:00")  # the window's first moment
    sell(at="2021-06-30T15:59:59+00:00")
    assert [month_of(sale.paid_at) for sale in found()] == ["2021-07", "2022-06"]
    assert day_of(found()[-1].paid_at) == date(2022, 6, 30)


def test_order_that_counts_has_no_reason():
    sell(at="2021-09-01T12:00:00+08:00", tracking="1Z999", is_delivered=True)
    (sale,) = found()
    assert (sale.excluded_as, sale.is_tracked, sale.is_delivered, sale.country) == ("", True, True, "US")


def test_carriers_number_is_the_parcels_else_the_note_of_the_shipment():
    for tracking, numbers in (("note", ["", "1Z1", "1Z2"]), ("note", [""]), (" ", [])):
        order = sell(at="2021-09-01T12:00:00+08:00", tracking=tracking).order
        for number in numbers:
            Parcel.objects.create(event=order.shipping_events.get(), carrier="UPS", number=number)
    assert [sale.tracking for sale in found()] == ["1Z1", "note", ""]
    assert [sale.is_tracked for sale in found()] == [True, True, False]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_live": False}, "test"),
        ({"state": "mismatch"}, "unsettled"),
        ({"status": "Cancelled"}, "cancelled"),
        ({"captured": "0"}, "free"),
        ({"email": "x1y2@marketplace.amazon.de"}, "marketplace"),
        ({"email": "Boss@Zellumo.example"}, "own"),
        ({"postcode": "518 000", "street": "1 Keji Road"}, "own"),
        ({"email": "clerk@example.test"}, "staff"),
    ],
)
def test_order_that_does_not_count_says_why(changes, reason, project, people, now):
    get_user_model().objects.create(email="clerk@example.test", is_staff=True)
    for field, value in (("domain", "zellumo.example"), ("address", "518000|1 keji road")):
        mark_sales(group="zellumo", field=field, value=value, reason="own", by=people["owner"], now=now)
    sell(at="2021-09-01T12:00:00+08:00", **changes)
    sell(at="2021-09-01T12:00:01+08:00")
    assert [sale.excluded_as for sale in found(load_marks("zellumo"))] == [reason, ""]


def test_order_of_staff_signed_in_does_not_count():
    clerk = get_user_model().objects.create(email="clerk@example.test", is_staff=True)
    sell(at="2021-09-01T12:00:00+08:00", user=clerk)
    assert found(load_marks("zellumo"))[0].excluded_as == "staff"


def test_single_order_is_left_out_by_its_number(project, people, now):
    payment = sell(at="2021-09-01T12:00:00+08:00")
    mark_sales(
        group="zellumo", field="order", value=payment.order.number, reason="test", by=people["owner"], now=now
    )
    assert found(load_marks("zellumo"))[0].excluded_as == "test"
    assert found(load_marks("others"))[0].excluded_as == ""


def test_mark_without_a_value_is_refused(project, people, now):
    with pytest.raises(EntryRefused):
        mark_sales(group="zellumo", field="address", value="|", reason="own", by=people["owner"], now=now)
    assert load_marks("zellumo").found == {}


def test_buyer_is_told_apart_without_his_address():
    for email in ("ann@mail.test", "Ann@Mail.test ", "bob@mail.test"):
        sell(at="2021-09-01T12:00:00+08:00", email=email)
    first, again, other = found()
    assert first.buyer == again.buyer != other.buyer
    assert "ann" not in str(first)


def test_queries_do_not_grow_with_the_orders():
    def queries(count):
        for _ in range(count):
            sell(at="2021-09-01T12:00:00+08:00", tracking="1Z")
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert len(found()) >= count
        return len(context)

    assert queries(2) == queries(20)


def test_amounts_are_the_orders_own():
    sell(at="2021-09-01T12:00:00+08:00", amount="119.00", net="100.00", delivery="10.00", captured="99.00")
    (sale,) = found()
    assert (sale.captured, sale.total, sale.total_net, sale.delivery_net) == (
        Decimal("99.00"),
        Decimal("119.00"),
        Decimal("100.00"),
        Decimal("10.00"),
    )
