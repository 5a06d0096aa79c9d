"""What lies at Amazon is sold where the merchant says that Amazon ships the market's orders, and nowhere else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.markets.models import Market
from storefront.payments.services import expire_payments
from storefront.stock_alerts.selectors import _buyable
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db
Order = get_model("order", "Order")


def make_twin(*, own, at_amazon):
    """Return a product of which so many lie in the own warehouse and so many at Amazon."""
    product = make_product(title="Trowel", stock=own, prices={"de": "10.00", "fr": "10.00"}, sku="TROWEL")
    partner = get_model("partner", "Partner").objects.create(name="Amazon FBA", code="fba")
    product.stockrecords.create(
        partner=partner, partner_sku="TROWEL-FBA", price_currency="USD", num_in_stock=at_amazon
    )
    return product


def amazon_ships_to(code):
    market = Market.objects.get(code=code)
    market.sells_all_stock = True
    market.save()


def units(product):
    """Return (in stock, allocated) in the own warehouse and at Amazon."""
    return [
        (record.num_in_stock, record.num_allocated or 0) for record in product.stockrecords.order_by("pk")
    ]


def can_be_bought(shopper, product):
    page = shopper.client.get(f"{shopper.prefix}{product.get_absolute_url()}").content.decode()
    assert "Trowel" in page
    return "stock--out" not in page


def test_what_lies_at_amazon_is_not_sold_unless_amazon_ships(visit, german_seller):
    product = make_twin(own=0, at_amazon=40)
    shopper = visit("de")

    assert not can_be_bought(shopper, product)
    shopper.add(product)
    assert shopper.open_basket().context["basket"].is_empty


def test_each_market_says_for_itself_what_it_sells(visit, german_seller):
    product = make_twin(own=0, at_amazon=40)
    amazon_ships_to("fr")

    assert can_be_bought(visit("fr"), product)
    assert not can_be_bought(visit("de"), product)
    assert product.pk in set(_buyable(Market.objects.get(code="fr")).values_list("pk", flat=True))
    assert product.pk not in set(_buyable(Market.objects.get(code="de")).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("quantity", "source", "left"),
    [
        (2, "Own warehouse", [(2, 2), (40, 0)]),  # the own warehouse has enough
        (3, "Amazon FBA", [(2, 0), (40, 3)]),  # one parcel comes from one place
    ],
)
def test_an_order_comes_from_the_first_place_that_has_enough(visit, german_seller, quantity, source, left):
    product = make_twin(own=2, at_amazon=40)
    amazon_ships_to("de")
    shopper = visit("de")

    shopper.add(product, quantity=quantity)
    assert shopper.send(shopper.form()).status_code == 200

    line = Order.objects.get().lines.get()
    assert (line.partner_name, line.quantity) == (source, quantity)
    assert units(product) == left
    expire_payments(now=timezone.now() + timedelta(days=2))
    assert units(product) == [(2, 0), (40, 0)]


def test_more_than_any_place_has_is_refused_with_what_there_is(visit, german_seller):
    product = make_twin(own=2, at_amazon=40)
    amazon_ships_to("de")
    shopper = visit("de")
    shopper.add(product, quantity=40)
    product.stockrecords.filter(partner__code="fba").update(num_in_stock=39)

    answer = shopper.send(shopper.form())

    assert answer.status_code == 400 and "39" in answer.json()["problem"]
    assert units(product) == [(2, 0), (39, 0)]


def test_an_order_is_refused_once_amazon_ships_no_more(visit, german_seller):
    product = make_twin(own=0, at_amazon=40)
    amazon_ships_to("de")
    shopper = visit("de")
    shopper.add(product)
    data = shopper.form()
    market = Market.objects.get(code="de")
    market.sells_all_stock = False
    market.save()

    assert shopper.send(data).status_code == 400
    assert not Order.objects.exists()


def test_lists_say_what_the_page_says(visit, german_seller):
    make_twin(own=0, at_amazon=40)
    amazon_ships_to("fr")
    lists = {code: visit(code) for code in ("de", "fr")}

    cards = {
        code: shopper.client.get(f"{shopper.prefix}{reverse('catalogue:index')}").content.decode()
        for code, shopper in lists.items()
    }

    assert {code: "Trowel" in page for code, page in cards.items()} == {"de": True, "fr": True}
    assert {code: "card__media-off" in page for code, page in cards.items()} == {"de": True, "fr": False}
