"""The demo's subsidy project: half way, its figures equal to plain SQL, each planted mistake found, made once."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.payments.services.countries import ensure_countries
from storefront.setup.demo_project import CALL_CODE, make_demo_project
from storefront.subsidies.models import Expense, Project
from storefront.subsidies.objections import find_objections
from storefront.subsidies.selectors.snapshots import latest_figures
from storefront.subsidies.services.programmes import load_shipped_programmes
from tests.subsidies.sales import branded_product

Order = get_model("order", "Order")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")
SQL = """
    SELECT COUNT(*), SUM(CAST(ROUND(p.amount * 100) AS INTEGER)),
        COUNT(DISTINCT strftime('%Y-%m', p.paid_at, '+8 hours'))
    FROM payments_payment p JOIN order_order o ON o.id = p.order_id
    WHERE p.paid_at >= datetime(%s, '-8 hours') AND p.paid_at < datetime(%s, '+1 day', '-8 hours')
        AND p.is_live AND p.state = 'paid' AND o.number LIKE 'DEMO-%%'
"""


@pytest.fixture
def merchant(db):
    return get_user_model().objects.create_superuser(email="merchant@example.test", password="x")


@pytest.fixture
def shop(merchant):
    """A shop with three things to sell in dollars."""
    ensure_countries()
    load_shipped_programmes()
    house = Partner.objects.create(name="House")
    for number, price in enumerate(("9.99", "24.50", "39.00")):
        StockRecord.objects.create(
            product=branded_product(f"Brand {number}"),
            partner=house,
            partner_sku=f"S{number}",
            price_currency="USD",
            price=Decimal(price),
        )


@pytest.fixture
def project(shop, merchant):
    assert make_demo_project(by=merchant, now=timezone.now())
    return Project.objects.get(call__code=CALL_CODE)


def test_conditions_are_met_near_and_missed(project):
    verdicts = {code: figure.verdict for code, figure in latest_figures(project).items() if figure.verdict}
    assert verdicts == {"K06": "met", "K01": "near", "K21": "met", "K05": "missed"}
    assert project.allocations.count() == 6
    assert Project.objects.count() == 2


def test_the_figures_are_those_of_plain_sql_to_the_cent(project):
    figures = latest_figures(project)
    call = project.call
    with connection.cursor() as cursor:
        cursor.execute(SQL, [call.measure_from.isoformat(), call.measure_to.isoformat()])
        orders, cents, months = cursor.fetchone()

    assert months == 12
    assert figures["K06"].value == orders
    assert figures["K03"].value == Decimal(cents) / 100
    assert figures["K01"].value == (Decimal(cents) / 1200).quantize(Decimal("0.01"), "ROUND_FLOOR")


@pytest.mark.parametrize(("bill", "code"), [(2, "V06"), (3, "V08"), (4, "V07"), (5, "V04"), (6, "V02")])
def test_each_planted_mistake_is_found(project, bill, code):
    expenses = list(Expense.objects.order_by("number"))
    against = {(one.about, one.code) for one in find_objections(project, now=timezone.now())}
    assert (expenses[bill - 1].reference, code) in against


def test_the_bill_as_it_should_be_has_nothing_against_it_but_its_file(project):
    first = Expense.objects.order_by("number").first()
    against = {
        one.code for one in find_objections(project, now=timezone.now()) if one.about == first.reference
    }
    assert against <= {"V02"}  # another bill came with the same file
    assert first.approved_by_id != first.entered_by_id


def test_made_again_it_changes_nothing(project, merchant):
    before = (Order.objects.count(), Expense.objects.count(), Project.objects.count())
    assert not make_demo_project(by=merchant, now=timezone.now())
    assert (Order.objects.count(), Expense.objects.count(), Project.objects.count()) == before


def test_without_a_catalogue_there_are_no_orders(merchant):
    ensure_countries()
    load_shipped_programmes()
    assert make_demo_project(by=merchant, now=timezone.now())
    assert not Order.objects.exists()
