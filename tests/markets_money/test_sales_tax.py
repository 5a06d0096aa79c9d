"""Sales tax of the United States, reckoned by Stripe Tax over HTTP where the seller must collect it."""

from datetime import date

import pytest

from storefront.markets.models import TaxSetup
from storefront.payments.models import Payment
from tests.markets_money.shopper import make_product
from tests.markets_money.test_orders import assert_one_amount

pytestmark = pytest.mark.django_db
AUSTIN = {"shipping-state": "Texas", "shipping-postcode": "78701", "shipping-line4": "Austin"}


@pytest.fixture
def texas_nexus(db):
    setup = TaxSetup.objects.create(established_in="CN", ships_from="US")
    setup.registrations.create(country="US", region="TX", number="3-20", valid_from=date(2020, 1, 1))
    setup.save()
    return setup


@pytest.mark.parametrize("provider", ["table", "stripe"])
def test_tax_is_added_where_the_seller_must_collect_it(visit, texas_nexus, settings, provider):
    settings.TAX_PROVIDER = provider
    shopper = visit("us")
    shopper.add(make_product(price="20.00"), 2)
    answer = shopper.ask_summary(**AUSTIN)
    assert answer["shown_total"] == "49.78"
    placed = shopper.order(shown_total="49.78", **AUSTIN)
    order = placed.payment.order
    assert (str(order.total_excl_tax), str(order.total_incl_tax)) == ("45.99", "49.78")
    assert [(row["rate"], row["tax"]) for row in order.tax_terms.rates] == [("8.25", "3.79")]
    assert (str(order.shipping_excl_tax), str(order.shipping_incl_tax)) == ("5.99", "6.48")
    assert_one_amount(placed)
    page = shopper.client.get(f"/checkout/order/{placed.token}/").content.decode()
    assert "8.25" in page
    assert "$3.79" in page
    assert "$40.00" in page


@pytest.mark.parametrize("provider", ["table", "stripe"])
def test_no_tax_where_there_is_no_nexus(visit, texas_nexus, settings, provider):
    settings.TAX_PROVIDER = provider
    shopper = visit("us")
    shopper.add(make_product(price="20.00"))
    order = shopper.order().payment.order
    assert (str(order.total_incl_tax), order.total_tax) == ("25.99", 0)
    assert order.tax_terms.treatment == "no_nexus"


@pytest.mark.parametrize("provider", ["table", "stripe"])
def test_page_is_shown_before_the_address_is_known(visit, texas_nexus, settings, provider):
    settings.TAX_PROVIDER = provider
    shopper = visit("us")
    shopper.add(make_product(price="20.00"))
    page = shopper.open_checkout()
    assert page.status_code == 200
    assert "once your address is known" in page.context["summary"].totals.note


def test_nothing_is_ordered_while_the_tax_cannot_be_reckoned(visit, texas_nexus, settings):
    shopper = visit("us")
    shopper.add(make_product(price="20.00"))
    data = shopper.form(**AUSTIN)
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    answer = shopper.send(data)
    assert answer.status_code == 400
    assert "cannot be worked out just now" in answer.json()["problem"]
    assert not Payment.objects.exists()
    assert "cannot be worked out just now" in shopper.ask_summary(**AUSTIN)["problem"]
