"""Express wallets: their sheet says what checkout would, and what it says is what is charged."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from oscar.core.loading import get_model

from storefront.payments.models import Payment
from storefront.payments.services import forget_wallet_baskets
from tests.markets_money.conftest import german_seller, markets, visit, voucher  # noqa: F401
from tests.markets_money.shopper import make_product
from tests.payments.conftest import moment, standin  # noqa: F401
from tests.payments.shopper import Order, stock_of

pytestmark = pytest.mark.django_db
Basket = get_model("basket", "Basket")
EMPTY = "Ihr Warenkorb ist leer."
ADDRESSES = {
    "DE": {"country": "DE", "state": "", "postal_code": "10969", "city": "Berlin"},
    "FR": {"country": "FR", "state": "", "postal_code": "75001", "city": "Paris"},
    "US": {"country": "US", "state": "NY", "postal_code": "10001", "city": "New York"},
}


class Wallet:
    """A shopper's wallet: what the page's script posts for it."""

    def __init__(self, shopper):
        self.shopper, self.said, self.sheet = shopper, {}, {}

    def ask(self, page, **more):
        body = json.dumps({**self.said, **self.sheet.get("agreed", {}), **more})
        return self.shopper.client.post(
            f"{self.shopper.prefix}/checkout/express/{page}/",
            body,
            content_type="text/plain;charset=UTF-8",
            headers={"Accept": "application/json", "Sec-Fetch-Site": "same-origin"},
        )

    def open(self, product=None, quantity=1):
        form = {"form": {"product": str(product.pk), "quantity": str(quantity)}} if product else {}
        return self._keep(self.ask("sheet", **form))

    def choose(self, **said):
        self.said |= said
        return self._keep(self.ask("sheet"))

    def pay(self, country="DE", **changes):
        address = {**ADDRESSES[country], "line1": "Lindenstraße 14", "line2": None}
        self.said |= {
            "billingDetails": {
                "name": "Anna Maria Lind",
                "email": "anna@example.test",
                "phone": "+493012345",
            },
            "shippingAddress": {"name": "Anna Maria Lind", "address": address},
        }
        rates = self.sheet.get("sheet", {}).get("shippingRates", [{}])
        self.said |= {"shippingRate": rates[0], **changes}
        return self.ask("order")

    def _keep(self, answer):
        assert answer.status_code == 200
        sheet = answer.json()
        if "agreed" in sheet:
            self.sheet = sheet
            assert_adds_up(sheet)
        return sheet


def assert_adds_up(sheet):
    lines, rates = sheet["sheet"]["lineItems"], sheet["sheet"]["shippingRates"]
    assert sum(line["amount"] for line in lines) + rates[0]["amount"] == sheet["amount"]


@pytest.mark.parametrize("code", ["de", "fr", "us", "jp"])
@pytest.mark.parametrize("percent", [0, 7])
def test_sheets_sum_is_the_orders_and_the_charge(visit, german_seller, voucher, standin, code, percent):  # noqa: F811
    shopper = visit(code)
    shopper.add(make_product(prices={code: "1205" if code == "jp" else "12.35"}), quantity=2)
    if percent:
        shopper.client.post(f"{shopper.prefix}/basket/vouchers/add/", {"code": voucher(value=percent).code})
    wallet = Wallet(shopper)
    wallet.open()
    form = shopper.form()
    address = {
        "country": form["shipping-country"],
        "state": form["shipping-state"],
        "postal_code": form["shipping-postcode"],
        "city": form["shipping-line4"],
    }
    wallet.choose(address=address)
    express = wallet.sheet["sheet"]["shippingRates"][-1]
    sheet = wallet.choose(shippingRate=express)
    assert sheet["sheet"]["shippingRates"][0]["id"] == express["id"]
    summary = shopper.ask_summary(method=express["id"])
    assert (sheet["amount"], sheet["agreed"]["shown_total"]) == (
        summary["minor_total"],
        summary["shown_total"],
    )
    wallet.said["shippingAddress"] = {"name": "Anna Lind", "address": {**address, "line1": "14 Linden"}}
    wallet.said["billingDetails"] = {"name": "Anna Lind", "email": "anna@example.test", "phone": None}
    answer = wallet.ask("order").json()
    assert answer["amount"] == sheet["amount"]
    order = Order(shopper, answer)
    (intent,) = standin.every("payment_intent")
    assert (intent["amount"], intent["status"]) == (sheet["amount"], "requires_payment_method")
    assert order.payment.order.total_incl_tax == Decimal(sheet["agreed"]["shown_total"])
    order.pay()
    order.deliver()
    assert order.payment.state == "paid"


def test_order_is_written_before_any_money_with_what_the_wallet_says(visit, german_seller):  # noqa: F811
    shopper = visit("de")
    product = make_product(prices={"de": "20.00"})
    shopper.add(product)
    wallet = Wallet(shopper)
    wallet.open()
    wallet.choose(address=ADDRESSES["DE"])
    assert not Payment.objects.exists()
    assert wallet.pay().status_code == 200
    payment = Payment.objects.get()
    placed, address = payment.order, payment.order.shipping_address
    assert (payment.state, placed.status, placed.guest_email) == (
        "awaiting",
        "Awaiting payment",
        "anna@example.test",
    )
    assert (address.first_name, address.last_name, address.line1, address.line4) == (
        "Anna Maria",
        "Lind",
        "Lindenstraße 14",
        "Berlin",
    )
    assert (str(address.phone_number), stock_of(product)) == ("+493012345", (10, 1))
    assert wallet.pay().json() == wallet.pay().json()
    assert Payment.objects.count() == 1


def test_button_of_a_product_sells_it_alone_and_leaves_the_basket(visit, german_seller):  # noqa: F811
    shopper = visit("de")
    shopper.add(make_product(title="Fork", prices={"de": "5.00"}))
    pot = make_product(title="Pot", prices={"de": "10.00"})
    wallet = Wallet(shopper)
    sheet = wallet.open(pot, quantity=3)
    assert sheet["sheet"]["lineItems"] == [{"name": "Zwischensumme", "amount": 3000}]
    wallet.choose(address=ADDRESSES["DE"])
    assert wallet.pay().status_code == 200
    placed = Payment.objects.get().order
    assert [(line.title, line.quantity) for line in placed.lines.all()] == [("Pot", 3)]
    kept = shopper.open_basket().context["basket"].all_lines()
    assert [line.product.title for line in kept] == ["Fork"]


def test_button_of_a_product_gives_a_stranger_no_basket_cookie(visit, german_seller):  # noqa: F811
    shopper = visit("de")
    Wallet(shopper).open(make_product(prices={"de": "10.00"}))
    assert "oscar_open_basket" not in shopper.client.cookies


def test_sheets_baskets_are_forgotten_after_a_day_but_never_an_ordered_one(visit, german_seller, moment):  # noqa: F811
    shopper, stranger = visit("de"), visit("de")
    shopper.add(make_product(title="Fork", prices={"de": "5.00"}))
    pot = make_product(title="Pot", prices={"de": "10.00"})
    ordered, left = Wallet(shopper), Wallet(stranger)
    for wallet in (ordered, left):
        wallet.open(pot)
        wallet.choose(address=ADDRESSES["DE"])
    assert ordered.pay().status_code == 200
    assert forget_wallet_baskets(now=moment + timedelta(hours=23)) == 0
    later = moment + timedelta(hours=25)
    assert [forget_wallet_baskets(now=later) for _ in range(2)] == [1, 0]
    assert Payment.objects.get().basket.lines.get().product == pot
    kept = shopper.open_basket().context["basket"].all_lines()
    assert [line.product.title for line in kept] == ["Fork"]
    assert Basket.objects.count() == 2


def test_forgotten_sheet_orders_nothing_and_leaves_the_shoppers_own_basket(visit, german_seller, moment):  # noqa: F811
    shopper = visit("de")
    pot = make_product(title="Pot", prices={"de": "10.00"})
    wallet = Wallet(shopper)
    wallet.open(pot)
    wallet.choose(address=ADDRESSES["DE"])
    shopper.add(pot)  # of the same price: the sum would be the one agreed on
    forget_wallet_baskets(now=moment + timedelta(hours=25))
    assert set(wallet.pay().json()) == {"redirect"}
    assert wallet.choose()["problem"] == EMPTY
    assert not Payment.objects.exists()
    assert [line.product for line in shopper.open_basket().context["basket"].all_lines()] == [pot]


def test_key_of_another_shoppers_basket_opens_nothing(visit, german_seller):  # noqa: F811
    one = visit("de")
    wallet = Wallet(one)
    wallet.open(make_product(prices={"de": "10.00"}))
    forged = Wallet(visit("de"))
    forged.sheet = {"agreed": {"basket_key": wallet.sheet["agreed"]["basket_key"] + "x"}}
    assert forged.open()["problem"] == EMPTY


def test_what_cannot_be_sold_or_sent_is_said_in_the_sheet(visit, german_seller, standin):  # noqa: F811
    shopper = visit("de")
    assert Wallet(shopper).open()["problem"] == EMPTY
    pot = make_product(title="Pot", prices={"de": "10.00"}, stock=1)
    assert "1" in Wallet(shopper).open(pot, quantity=2)["problem"]
    wallet = Wallet(shopper)
    wallet.open(pot)
    assert wallet.choose(address=ADDRESSES["US"])["problem"] == "In dieses Land liefern wir nicht"
    assert Wallet(shopper).open(make_product(prices={"de": "0.00"}))["problem"] == ""
    wallet.choose(address=ADDRESSES["DE"])
    pot.stockrecords.update(num_in_stock=0)
    refused = wallet.pay()
    assert (refused.status_code, Payment.objects.count()) == (400, 0)
    assert "Pot ist ausverkauft" in refused.json()["problem"]
    assert standin.requests("/v1/payment_intents") == []


def test_total_that_changed_meanwhile_is_not_charged(visit, german_seller):  # noqa: F811
    shopper = visit("de")
    pot = make_product(prices={"de": "10.00"})
    shopper.add(pot)
    wallet = Wallet(shopper)
    wallet.open()
    wallet.choose(address=ADDRESSES["DE"])
    wallet.sheet["agreed"]["shown_total"] = "0.99"
    assert wallet.pay().status_code == 409
    assert not Payment.objects.exists()


def test_nonsense_and_other_sites_are_refused(visit, german_seller):  # noqa: F811
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "10.00"}))
    wallet = Wallet(shopper)
    for said in ({"address": "x"}, {"shippingAddress": [1]}, {"billingDetails": {"name": ["a"]}}):
        wallet.said = said
        assert wallet.ask("sheet").status_code == 200
        assert wallet.ask("order").status_code == 400
    for body in ("", "[]", "{", '"x"'):
        address = f"{shopper.prefix}/checkout/express/order/"
        assert shopper.client.post(address, body, content_type="text/plain").status_code == 400
    other = shopper.client.post(
        f"{shopper.prefix}/checkout/express/order/",
        "{}",
        content_type="text/plain",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert other.status_code == 403
    assert not Payment.objects.exists()


def test_pages_offer_wallets_only_where_they_are_on(visit, german_seller, settings):  # noqa: F811
    shopper = visit("de")
    pot = make_product(prices={"de": "10.00"})
    shopper.add(pot)
    page = f"{shopper.prefix}{pot.get_absolute_url()}"
    for address in (page, f"{shopper.prefix}/basket/"):
        text = shopper.client.get(address).content.decode()
        assert "data-express-open" in text
        assert f'<script src="{settings.STRIPE_JS_URL}"' not in text
    settings.STRIPE_EXPRESS_WALLETS = False
    for address in (page, f"{shopper.prefix}/basket/"):
        assert "data-express" not in shopper.client.get(address).content.decode()
    assert Wallet(shopper).ask("sheet").status_code == 404


def test_signed_in_customers_wallet_orders_for_the_account(visit, german_seller, django_user_model):  # noqa: F811
    user = django_user_model.objects.create_user(email="mara@example.test", password="pass-phrase-9")
    client = Client()
    client.force_login(user)
    wallet = Wallet(visit("de", client=client))
    wallet.open(make_product(prices={"de": "10.00"}))
    wallet.choose(address=ADDRESSES["DE"])
    assert wallet.pay().status_code == 200
    assert Payment.objects.get().order.user == user
    assert Basket.objects.get(owner=user, status="Open").lines.count() == 0
