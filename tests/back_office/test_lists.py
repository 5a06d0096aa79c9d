"""Each list of the back office takes the same number of queries for two rows and for twenty."""

import pytest

from tests.back_office.shop import make_order, make_payment, make_user
from tests.back_office.test_pages import make_offer
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db


def make_low_stock(number: int) -> None:
    record = make_product(title=f"Can {number}", stock=1).stockrecords.get()
    record.low_stock_threshold = 5
    record.save()


def make_review(number: int) -> None:
    reviewer = make_user(f"reviewer-{number}@example.test")
    make_product().reviews.create(user=reviewer, title="Good", body="No drips.", score=5)


LISTS = {
    "orders/": lambda number: make_payment(make_order(f"S-{100000 + number}")),
    "catalogue/": lambda number: make_product(title=f"Can {number}"),
    "catalogue/stock-alerts/": make_low_stock,
    "users/": lambda number: make_user(f"anna-{number}@example.test"),
    "offers/": lambda number: make_offer(number),
    "reviews/": make_review,
}


@pytest.mark.parametrize("address", LISTS)
def test_list_takes_as_many_queries_for_20_rows_as_for_2(owner, count_queries, address):
    make, page = LISTS[address], f"/admin/shop/{address}"
    for number in (1, 2):
        make(number)
    few = count_queries(owner, page)
    for number in range(3, 20):
        make(number)
    assert count_queries(owner, page) == few
