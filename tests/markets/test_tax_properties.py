"""Whatever the basket and the market: the parts agree to the minor unit."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.core.money import fits_currency, smallest_unit
from storefront.markets.tax.assessment import Destination, Line, Pricing, Treatment, discount_lines
from storefront.markets.tax.rates import load_rates
from storefront.markets.tax.table import TableTax
from tests.markets import cases

TABLE = TableTax(load_rates())
MARKETS = [
    (Pricing("USD", False), Destination("US", "TX", "78701"), cases.AMERICAN_STOCK),
    (Pricing("EUR", True), Destination("DE"), cases.GERMAN_OSS),
    (Pricing("GBP", True), Destination("GB"), cases.BRITISH),
    (Pricing("EUR", True), Destination("FR"), cases.GERMAN_OSS),
    (Pricing("EUR", True), Destination("IT"), cases.GERMAN_SMALL),
    (Pricing("EUR", True), Destination("ES", postal_code="35001"), cases.GERMAN_OSS),
    (Pricing("JPY", True), Destination("JP"), cases.JAPANESE_STOCK),
    (Pricing("JPY", False), Destination("JP"), cases.JAPANESE_STOCK),
    (Pricing("EUR", False), Destination("FI"), cases.GERMAN_OSS),
]
CUSTOMERS = [cases.CONSUMER, cases.FR_VALID, cases.FR_INVALID, cases.FR_UNKNOWN, cases.DE_VALID]
CLASSES = st.sampled_from(["standard", "books", "food", "none"])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(MARKETS),
    st.sampled_from(CUSTOMERS),
    st.lists(st.tuples(st.integers(0, 10**6), CLASSES), max_size=12),
    st.integers(0, 5000),
    st.sampled_from(["", "standard"]),
    st.integers(0, 10**5),
)
def test_parts_agree_to_the_minor_unit(
    market, customer, goods, delivery_units, delivery_class, discount_units
):
    pricing, destination, seller = market
    unit = smallest_unit(pricing.currency)
    full = [Line(str(n), unit * units, tax_class) for n, (units, tax_class) in enumerate(goods)]
    lines = discount_lines(lines=full, discount=unit * discount_units, currency=pricing.currency)
    delivery = Line("delivery", unit * delivery_units, delivery_class)
    found = TABLE.assess(
        lines=lines,
        delivery=delivery,
        pricing=pricing,
        seller=seller,
        destination=destination,
        customer=customer,
        on=cases.TODAY,
    )
    goods_sum = sum((line.amount for line in full), Decimal(0))
    assert sum(line.amount for line in lines) == goods_sum - min(goods_sum, unit * discount_units)
    assert [part.key for part in found.lines] == [line.key for line in lines]
    for part in found.all_lines:
        assert part.net + part.tax == part.gross
        assert part.tax >= 0
        assert all(fits_currency(amount=amount, currency=pricing.currency) for amount in (part.net, part.tax))
    assert found.gross == found.net + found.tax == sum(p.gross for p in found.lines) + found.delivery_gross
    offered = sum(line.amount for line in lines) + delivery.amount
    if not pricing.includes_tax:
        assert found.net == offered
    elif any(part.treatment == Treatment.REVERSE_CHARGE for part in found.all_lines):
        assert found.gross <= offered
    else:
        assert found.gross == offered
