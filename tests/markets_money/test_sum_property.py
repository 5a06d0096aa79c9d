"""Whatever is in the basket, wherever it goes: one amount on the lines, the order, the payment and at Stripe."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from storefront.core.money import currency_digits
from storefront.markets.models import Market
from tests.markets_money.shopper import make_product
from tests.markets_money.test_orders import assert_one_amount

pytestmark = pytest.mark.django_db
CODES = ["us", "de", "uk", "fr", "it", "es", "jp"]

goods = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=20_000),
        st.integers(min_value=1, max_value=7),
        st.sampled_from(["", "books", "food", "none"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(
    code=st.sampled_from(CODES),
    lines=goods,
    delivery=st.integers(min_value=100, max_value=2000),
    percent=st.sampled_from([0, 7, 33]),
)
def test_every_sum_is_the_same_amount(visit, german_seller, voucher, code, lines, delivery, percent):
    market = Market.objects.get(code=code)
    digits = currency_digits(market.currency)
    market.deliveries.update(price=Decimal(delivery).scaleb(-digits), free_from=None)
    shopper = visit(code)
    for minor, quantity, tax_class in lines:
        price = Decimal(minor).scaleb(-digits)
        shopper.add(make_product(tax_class=tax_class, prices={code: str(price)}), quantity)
    if percent:
        get_model("basket", "Basket").objects.latest("pk").vouchers.add(voucher(value=percent))
    placed = shopper.order()
    assert_one_amount(placed)
    terms = placed.payment.order.tax_terms
    assert sum(Decimal(row["gross"]) for row in terms.rates) == placed.payment.amount
    assert sum(Decimal(row["tax"]) for row in terms.rates) == placed.payment.order.total_tax
    for line in placed.payment.order.lines.all():
        assert line.line_price_incl_tax <= line.line_price_before_discounts_incl_tax
        assert line.line_price_excl_tax <= line.line_price_before_discounts_excl_tax
