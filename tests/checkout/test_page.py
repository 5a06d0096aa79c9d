"""Checkout is one page: complete without a script, and it says what is wrong where it is wrong."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.utils import translation

from storefront.payments.models import Payment
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def basket(shopper):
    shopper.add(make_product(title="Watering can", price="19.99"))
    return shopper


def text_of(answer):
    return answer.content.decode()


def test_empty_basket_leads_to_the_basket_with_a_sentence(shopper):
    answer = shopper.client.get("/checkout/", follow=True)
    assert answer.redirect_chain == [("/basket/", 302)]
    assert "Your cart is empty. Choose something first, then check out." in text_of(answer)


def test_page_describes_itself(basket):
    head = text_of(basket.open_checkout()).split("</head>")[0]
    assert re.search(r'<meta name="description" content="Order from [^"]+">', head)
    assert "noindex" not in head


def test_page_asks_only_for_what_an_order_needs(basket):
    names = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', text_of(basket.open_checkout())))
    address = {"country", "first_name", "last_name", "line1", "line2", "postcode", "line4", "state"}
    assert names == {
        *(f"{kind}-{name}" for kind in ("shipping", "billing") for name in address),
        *(
            "csrfmiddlewaretoken",
            "basket_key",
            "email",
            "shipping-phone_number",
            "billing_same",
            "method",
            "gift_card",
        ),
    }


def test_fields_tell_the_browser_what_they_are(basket):
    page = text_of(basket.open_checkout())
    words = ("email", "shipping given-name", "shipping address-line1", "shipping postal-code", "shipping tel")
    for word in words:
        assert f'autocomplete="{word}"' in page


def test_page_says_that_payments_are_pretended(basket):
    assert "Test payments: no money moves" in text_of(basket.open_checkout())


def test_page_does_not_say_so_with_real_payments(basket, settings):
    settings.STRIPE_STANDIN = False
    assert "no money moves" not in text_of(basket.open_checkout())


def test_page_says_that_a_card_needs_a_script(basket):
    page = text_of(basket.open_checkout())
    assert (
        "Entering a card needs JavaScript"
        in re.search(r"<noscript>(.*?)</noscript>", page[page.index('id="payment"') :], re.S)[1]
    )


def test_no_script_and_no_handler_stands_in_the_page(basket):
    page = text_of(basket.open_checkout())
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"\son\w+=", page)


def test_card_form_is_told_the_total_in_the_smallest_unit(basket):
    page = text_of(basket.open_checkout())
    assert 'data-amount="2494" data-currency="usd"' in page
    assert 'data-publishable-key="pk_test_standin"' in page


def test_delivery_is_free_from_35_on(basket):
    basket.add(make_product(price="15.01"))
    summary = basket.open_checkout().context["summary"]
    assert [str(choice.charge) for choice in summary.choices] == ["0.00", "12.95"]
    assert str(summary.total) == "35.00"


def test_delivery_choice_changes_the_total_without_a_script(basket):
    page = basket.client.post("/checkout/", basket.form(method="express"))
    assert str(page.context["summary"].total) == "32.94"
    assert 'value="14 Linden Street"' in text_of(page)
    assert "aria-invalid" not in text_of(page)
    assert not Payment.objects.exists()


def test_country_decides_what_an_address_is_called(basket):
    basket.open_checkout()
    forms = {
        code: basket.client.post("/checkout/", {"shipping-country": code, "billing_same": "on"}).context[
            "forms"
        ]
        for code in ("US", "GB", "DE", "JP")
    }
    labels = {code: (str(f.shipping["postcode"].label), f.shipping.has_state) for code, f in forms.items()}
    assert labels == {
        "US": ("ZIP code", True),
        "GB": ("Postcode", False),
        "DE": ("Postcode", False),
        "JP": ("Postcode", True),
    }


def test_every_mistake_is_named_at_once(basket):
    answer = basket.send(basket.form(**{"email": "anna@", "shipping-line1": "", "shipping-postcode": "1"}))
    assert answer.status_code == 400
    assert [(e["id"], e["label"]) for e in answer.json()["errors"]] == [
        ("id_email", "Email"),
        ("id_shipping-line1", "Street address"),
        ("id_shipping-postcode", "ZIP code"),
    ]
    assert not Payment.objects.exists()


def test_mistakes_are_shown_in_place_without_a_script(basket):
    page = basket.client.post("/checkout/place-order/", basket.form(email="anna@"))
    assert page.status_code == 400
    assert '<a href="#id_email">' in text_of(page)
    assert re.search(
        r'id="id_email"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_email"', text_of(page)
    )
    assert 'id="id_email_error"' in text_of(page)


def test_missing_postcode_is_one_mistake(basket):
    errors = basket.send(basket.form(**{"shipping-postcode": ""})).json()["errors"]
    assert [error["message"] for error in errors] == ["Fill in: ZIP code."]


def test_state_is_needed_where_addresses_have_one(basket):
    errors = basket.send(basket.form(**{"shipping-state": ""})).json()["errors"]
    assert [error["id"] for error in errors] == ["id_shipping-state"]
    german = {"shipping-country": "DE", "shipping-postcode": "10969", "shipping-state": ""}
    assert basket.send(basket.form(**german)).status_code == 200


def test_other_invoice_address_is_checked_and_kept(basket):
    data = basket.form(billing_same=None)
    assert {e["id"] for e in basket.send(data).json()["errors"]} >= {
        "id_billing-line1",
        "id_billing-postcode",
    }
    billing = {
        key.replace("shipping", "billing"): value for key, value in data.items() if key.startswith("shipping")
    }
    basket.send({**data, **billing, "billing-line1": "1 Office Park"})
    order = Payment.objects.get().order
    assert (order.shipping_address.line1, order.billing_address.line1) == (
        "14 Linden Street",
        "1 Office Park",
    )


def test_unknown_delivery_method_is_refused(basket):
    errors = basket.send(basket.form(method="teleport")).json()["errors"]
    assert [error["message"] for error in errors] == [
        "This delivery method is no longer offered. Choose another."
    ]


def test_without_a_script_the_order_is_kept_for_later_payment(basket):
    answer = basket.client.post("/checkout/place-order/", basket.form())
    assert answer.status_code == 302
    page = basket.client.get(answer.url)
    assert "Pay order SK-100001" in text_of(page)
    assert basket.client.get("/checkout/").url == answer.url


def test_unset_payments_are_said_and_nothing_is_ordered(basket, settings):
    data = basket.form()
    settings.STRIPE_SECRET_KEY = ""
    page = text_of(basket.open_checkout())
    assert "Payments are not set up yet" in page
    assert "STRIPE_SECRET_KEY" not in page
    assert basket.send(data).status_code == 503
    assert not Payment.objects.exists()


def test_staff_are_told_how_to_set_payments_up(basket, settings):
    settings.STRIPE_SECRET_KEY = ""
    staff = get_user_model().objects.create_superuser(email="m@example.test", password="pass-phrase-9")
    basket.client.force_login(staff)
    assert "set STRIPE_SECRET_KEY" in text_of(basket.open_checkout())


def test_page_takes_as_many_queries_for_twelve_lines_as_for_two(shopper):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for total in (2, 12):
        for number in range(total - 2 if counts else 2):
            shopper.add(make_product(title=f"Pot {total}-{number}"))
        shopper.open_checkout()
        with CaptureQueriesContext(connection) as queries:
            shopper.client.get("/checkout/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_price_that_cannot_be_charged_leads_back_to_the_basket(shopper):
    product = make_product(price="10.50")
    product.stockrecords.update(price_currency="JPY")
    shopper.add(product)
    assert shopper.open_checkout().url == "/basket/"


def test_page_speaks_german(basket):
    basket.client.cookies["django_language"] = "de"
    with translation.override("de"):
        assert basket.open_checkout().status_code == 200


def test_page_names_countries_in_german(basket):
    basket.client.cookies["django_language"] = "de"
    choices = basket.open_checkout().context["forms"].shipping.fields["country"].choices
    assert [name for _code, name in choices] == [
        "Deutschland",
        "Frankreich",
        "Italien",
        "Japan",
        "Spanien",
        "Vereinigte Staaten",
        "Vereinigtes Königreich",
    ]


@pytest.mark.parametrize("is_pretended", [True, False])
def test_stripe_is_named_only_where_stripe_takes_the_card(is_pretended, rf, settings):
    settings.STRIPE_STANDIN = is_pretended
    context = {"stripe": {"is_configured": True}, "minor_total": 100, "currency": "USD"}
    page = render_to_string("oscar/checkout/partials/payment_box.html", context, rf.get("/checkout/"))
    assert ("handled by Stripe" in page) is not is_pretended
