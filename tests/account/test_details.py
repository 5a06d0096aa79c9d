"""A customer's details and addresses."""

import re

import pytest
from django.core import mail
from oscar.core.loading import get_model
from oscar.test import factories

from storefront.markets.services.markets import ensure_markets
from tests.account.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def country():
    Country = get_model("address", "Country")
    return Country.objects.filter(pk="DE").first() or factories.CountryFactory(
        iso_3166_1_a2="DE", printable_name="Germany", is_shipping_country=True
    )


@pytest.fixture
def make_address(country):
    def make(user, **fields):
        return get_model("address", "UserAddress").objects.create(
            user=user,
            first_name="Anna",
            last_name="Lind",
            line4="Berlin",
            postcode="10969",
            country=country,
            **fields,
        )

    return make


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("profile/", "Your details"),
        ("profile/edit/", "Edit your details"),
        ("profile/delete/", "Delete account"),
        ("change-password/", "Change password"),
        ("addresses/", "Your addresses"),
        ("addresses/add/", "Add a new address"),
    ],
)
def test_every_account_page_has_one_title_and_the_way_to_the_others(signed_in, path, title):
    html = signed_in.get(f"/account/{path}").content.decode()
    assert 'class="side-nav"' in html
    assert f"<title>{title} | " in html
    assert re.findall(r"<h1>(.*)</h1>", html) == [title]


@pytest.mark.parametrize("path", ["emails/", "notifications/inbox/", "alerts/"])
def test_pages_of_oscars_that_nothing_leads_to_are_gone(signed_in, path):
    assert signed_in.get(f"/account/{path}").status_code == 404


def test_details_are_saved(signed_in, anna):
    fields = {"first_name": "Anne", "last_name": "Lind", "email": anna.email}
    assert signed_in.post("/account/profile/edit/", fields).url == "/account/profile/"
    anna.refresh_from_db()
    assert anna.first_name == "Anne"


def test_changed_address_is_told_to_the_old_one(signed_in, anna):
    signed_in.post("/account/profile/edit/", {"first_name": "", "last_name": "", "email": "new@example.test"})
    (message,) = mail.outbox
    assert message.to == ["anna@example.test"]


def test_address_of_somebody_else_cannot_be_taken(signed_in, anna, bert):
    response = signed_in.post(
        "/account/profile/edit/", {"first_name": "", "last_name": "", "email": bert.email}
    )
    assert "already exists" in response.content.decode()
    anna.refresh_from_db()
    assert anna.email == "anna@example.test"


def test_password_is_changed_and_the_session_stays(signed_in, anna):
    fields = {
        "old_password": PASSWORD,
        "new_password1": "another-cable-7",
        "new_password2": "another-cable-7",
    }
    assert signed_in.post("/account/change-password/", fields).url == "/account/profile/"
    assert signed_in.get("/account/profile/").status_code == 200
    anna.refresh_from_db()
    assert anna.check_password("another-cable-7")


def test_deleting_the_account_keeps_the_orders(signed_in, anna, make_order, django_user_model):
    order = make_order(number="10001", user=anna)
    order.set_status("Cancelled")
    signed_in.post("/account/profile/delete/", {"password": PASSWORD})
    assert not django_user_model.objects.filter(pk=anna.pk).exists()
    order.refresh_from_db()
    assert order.user is None


def test_address_is_asked_for_with_the_words_of_the_checkout(signed_in, anna, country, make_address):
    ensure_markets()
    page = signed_in.get("/de-en/account/addresses/add/").content.decode()
    assert "Postcode" in page and "Street and number" in page and "First line of address" not in page
    assert 'value="DE" selected' in page and "---------" not in page
    assert 'name="line3"' not in page, "asked for only where it was filled in"
    address = make_address(anna, line3="Hinterhaus")
    assert 'value="Hinterhaus"' in signed_in.get(f"/account/addresses/{address.pk}/").content.decode()


def test_a_state_is_needed_where_the_checkout_needs_one(signed_in, anna, country):
    factories.CountryFactory(iso_3166_1_a2="US", printable_name="United States", is_shipping_country=True)
    fields = {"first_name": "Anna", "last_name": "Lind", "line1": "14 Linden Street", "line4": "New York"}
    fields |= {"postcode": "10001", "country": "US"}
    page = signed_in.post("/account/addresses/add/", fields).content.decode()
    assert "Fill in: State." in page
    signed_in.post("/account/addresses/add/", fields | {"state": "new york"})
    assert anna.addresses.get().state == "NY"


def test_address_is_added_changed_and_deleted(signed_in, anna, country):
    fields = {
        "first_name": "Anna",
        "last_name": "Lind",
        "line1": "Lindenstraße 14",
        "line4": "Berlin",
        "postcode": "10969",
        "country": country.pk,
    }
    assert signed_in.post("/account/addresses/add/", fields).url == "/account/addresses/"
    address = anna.addresses.get()
    assert "Lindenstraße 14" in signed_in.get("/account/addresses/").content.decode()
    signed_in.post(f"/account/addresses/{address.pk}/", fields | {"line1": "Lindenstraße 15"})
    address.refresh_from_db()
    assert address.line1 == "Lindenstraße 15"
    signed_in.post(f"/account/addresses/{address.pk}/delete/")
    assert not anna.addresses.exists()


def test_default_address_is_changed_by_a_form_only(signed_in, anna, make_address):
    address = make_address(anna, line1="Lindenstraße 14")
    path = f"/account/addresses/{address.pk}/default_for_billing/"
    assert signed_in.get(path).status_code == 405
    assert signed_in.post(path).url == "/account/addresses/"
    address.refresh_from_db()
    assert address.is_default_for_billing


def test_addresses_of_somebody_else_are_out_of_reach(signed_in, bert, make_address):
    address = make_address(bert, line1="Kaiserstraße 1")
    assert signed_in.get(f"/account/addresses/{address.pk}/").status_code == 404
    assert signed_in.post(f"/account/addresses/{address.pk}/delete/").status_code == 404
    assert signed_in.post(f"/account/addresses/{address.pk}/default_for_billing/").status_code == 404
    assert "Kaiserstraße" not in signed_in.get("/account/addresses/").content.decode()
