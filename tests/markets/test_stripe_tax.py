"""Stripe Tax: the request is one the installed client's own types accept, and its answer becomes our assessment."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from stripe._encode import _api_encode

from storefront.markets.tax.assessment import Destination, Line, Reason, Treatment
from storefront.markets.tax.rates import load_rates
from storefront.markets.tax.stripe_tax import StripeTax
from storefront.markets.tax.table import TableTax
from tests.markets import cases
from tests.markets.cases import EUR, JPY, USD, delivery, line
from tests.servers.stripe.params import load_checker

AUSTIN = Destination("US", "TX", "78701", "Austin", "1100 Congress Avenue")


class Gateway:
    """Stands where payments.gateway will: keeps what was asked, answers with a rate on every part."""

    def __init__(self, *, percent="8.25", reason="standard_rated"):
        self.percent, self.reason = Decimal(percent), reason
        self.asked = []

    def to_minor_units(self, *, amount, currency):
        return int(amount if currency == "JPY" else amount * 100)

    def from_minor_units(self, *, minor, currency):
        return Decimal(minor) if currency == "JPY" else Decimal(minor).scaleb(-2)

    def calculate_tax(self, params):
        self.asked.append(params)
        answer = {
            "line_items": {"data": [self._tax(item) for item in params["line_items"]]},
            "shipping_cost": None,
        }
        if "shipping_cost" in params:
            answer["shipping_cost"] = self._tax(params["shipping_cost"])
        return answer

    def _tax(self, item):
        inclusive = item["tax_behavior"] == "inclusive"
        share = self.percent / (100 + self.percent) if inclusive else self.percent / 100
        tax = int((item["amount"] * share).quantize(Decimal(1)))
        details = {"percentage_decimal": str(self.percent)} if tax else None
        breakdown = [{"amount": tax, "taxability_reason": self.reason, "tax_rate_details": details}]
        return {**item, "amount_tax": tax, "tax_breakdown": breakdown}


def assess(gateway, lines, *, pricing=USD, to=AUSTIN, customer=cases.CONSUMER, with_delivery=None):
    return StripeTax(gateway).assess(
        lines=lines,
        delivery=with_delivery,
        pricing=pricing,
        seller=cases.TEXAS_NEXUS,
        destination=to,
        customer=customer,
        on=date(2026, 11, 22),
    )


def test_the_request_is_what_the_installed_client_documents():
    gateway = Gateway()
    assess(gateway, [line("100.00"), line("10.00", "books")], with_delivery=delivery("5.99"))
    assess(gateway, [line("1299")], pricing=JPY, to=Destination("JP"))
    assess(gateway, [line("120.00")], pricing=EUR, to=Destination("FR"), customer=cases.FR_VALID)
    assert [problems_of(params) for params in gateway.asked] == [[], [], []]
    assert problems_of({**gateway.asked[0], "surprise": "1"}) != []
    del gateway.asked[0]["line_items"][0]["amount"]
    assert problems_of(gateway.asked[0]) != []


def problems_of(params):
    """Return what the parameter types of the installed Stripe client say against a request."""
    text = urlencode(list(_api_encode(params)))
    return load_checker().check(method="POST", path="/v1/tax/calculations", text=text)


def test_the_request_names_amounts_in_minor_units_and_where_goods_come_from():
    gateway = Gateway()
    assess(
        gateway,
        [Line("sku-1", Decimal("100.00"), quantity=2), Line("sku-2", Decimal("10.00"), "books")],
        with_delivery=delivery("5.99"),
    )
    assert gateway.asked == [
        {
            "currency": "usd",
            "line_items": [
                {
                    "amount": 10000,
                    "quantity": 2,
                    "reference": "sku-1",
                    "tax_behavior": "exclusive",
                    "tax_code": "txcd_99999999",
                },
                {
                    "amount": 1000,
                    "quantity": 1,
                    "reference": "sku-2",
                    "tax_behavior": "exclusive",
                    "tax_code": "txcd_35010000",
                },
            ],
            "customer_details": {
                "address": {
                    "country": "US",
                    "state": "TX",
                    "postal_code": "78701",
                    "city": "Austin",
                    "line1": "1100 Congress Avenue",
                },
                "address_source": "shipping",
            },
            "tax_date": 1795305600,
            "expand": ["line_items.data.tax_breakdown"],
            "shipping_cost": {"amount": 599, "tax_behavior": "exclusive", "tax_code": "txcd_92010001"},
            "ship_from_details": {"address": {"country": "US"}},
        }
    ]


def test_us_with_nexus_is_reckoned_by_stripe_through_the_table():
    # 100.00 × 8.25 % = 8.25; delivery 5.99 × 8.25 % = 0.494 → 0.49.
    gateway = Gateway()
    found = TableTax(load_rates(), sales_tax=StripeTax(gateway)).assess(
        lines=[line("100.00", key="a")],
        delivery=delivery("5.99"),
        pricing=USD,
        seller=cases.TEXAS_NEXUS,
        destination=AUSTIN,
        customer=cases.CONSUMER,
        on=cases.TODAY,
    )
    assert (found.lines[0].tax, found.lines[0].gross) == (Decimal("8.25"), Decimal("108.25"))
    assert (found.delivery_net, found.delivery_gross) == (Decimal("5.99"), Decimal("6.48"))
    assert found.gross == Decimal("114.73")
    assert found.lines[0].rate == Decimal("8.25")
    assert found.lines[0].treatment == Treatment.CALCULATED


def test_a_price_that_includes_tax_stays_what_it_is():
    found = assess(Gateway(percent="10"), [line("1299")], pricing=JPY, to=Destination("JP"))
    assert (found.net, found.tax, found.gross) == (Decimal(1181), Decimal(118), Decimal(1299))


def test_an_unchecked_vat_id_is_not_sent_and_the_reason_is_kept():
    gateway = Gateway(percent="20")
    found = assess(gateway, [line("120.00")], pricing=EUR, to=Destination("FR"), customer=cases.FR_UNKNOWN)
    assert "tax_ids" not in gateway.asked[0]["customer_details"]
    assert found.lines[0].reason == Reason.VAT_ID_UNAVAILABLE
    assess(gateway, [line("120.00")], pricing=EUR, to=Destination("FR"), customer=cases.FR_VALID)
    assert gateway.asked[1]["customer_details"]["tax_ids"] == [{"type": "eu_vat", "value": "FR40303265045"}]


@pytest.mark.parametrize(
    ("reason", "country", "treatment"),
    [
        ("not_collecting", "US", Treatment.NO_NEXUS),
        ("not_collecting", "BR", Treatment.EXPORT),
        ("reverse_charge", "FR", Treatment.REVERSE_CHARGE),
        ("product_exempt", "US", Treatment.CALCULATED),
    ],
)
def test_stripes_reason_becomes_a_treatment(reason, country, treatment):
    to = replace(AUSTIN, country=country)
    found = assess(Gateway(percent="0", reason=reason), [line("100.00")], to=to)
    assert (found.tax, found.lines[0].treatment, found.lines[0].country) == (Decimal(0), treatment, "")


def test_what_costs_nothing_is_not_sent():
    gateway = Gateway()
    found = assess(
        gateway, [line("0.00", key="gift"), line("10.00", key="paid")], with_delivery=delivery("0.00")
    )
    assert [item["reference"] for item in gateway.asked[0]["line_items"]] == ["paid"]
    assert "shipping_cost" not in gateway.asked[0]
    assert [part.key for part in found.all_lines] == ["gift", "paid", "delivery"]
    assert found.lines[0].gross == 0


def test_a_free_order_asks_nobody():
    gateway = Gateway()
    assert assess(gateway, [line("0.00")]).gross == 0
    assert gateway.asked == []
