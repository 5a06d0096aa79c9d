"""What visitors and staff read in their language."""

import datetime
import json
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, override, pgettext

from storefront.markets.services.markets import ensure_markets


@pytest.fixture
def editions(db):
    """Open the American and the German market."""
    ensure_markets()
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Your cart"), ("en-gb", "Your basket"), ("de", "Ihr Warenkorb")]
)
def test_basket_is_called_what_shoppers_call_it(language, word):
    with override(language):
        assert gettext("Your basket") == word


@pytest.mark.parametrize(
    ("language", "words"), [("en", "View cart"), ("en-gb", "View basket"), ("de", "Warenkorb ansehen")]
)
def test_oscars_own_sentences_say_the_same_word(language, words):
    with override(language):
        assert gettext("View basket") == words


def test_german_button_is_the_one_the_law_asks_for():
    with override("de"):
        assert gettext('Pay <span data-slot="total">%(total)s</span>') == "Zahlungspflichtig bestellen"
        assert pgettext("storefront", "Add to basket") == "In den Warenkorb"
        assert gettext("incl. VAT") == "inkl. MwSt."


@pytest.mark.parametrize(
    ("language", "button"),
    [
        ("fr", "Commander avec obligation de paiement"),
        ("it", "Ordine con obbligo di pagare"),
        ("es", "Pedido con obligación de pago"),
    ],
)
def test_order_button_names_the_obligation_to_pay(language, button):
    with override(language):
        assert gettext('Pay <span data-slot="total">%(total)s</span>') == button


def test_german_plurals():
    with override("de"):
        assert ngettext("%(total)s product", "%(total)s products", 1) == "%(total)s Produkt"
        assert ngettext("%(total)s product", "%(total)s products", 0) == "%(total)s Produkte"


def test_language_without_a_catalogue_of_ours_reads_english():
    with override("ja"):
        assert gettext("Card data goes straight to Stripe, never to this shop.").startswith("Card data")


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "May 3"), ("en-gb", "3 May"), ("de", "3. Mai"), ("fr", "3 mai"), ("ja", "5月3日")],
)
def test_days_are_written_as_the_language_writes_them(language, day):
    with override(language):
        assert date_format(datetime.date(2026, 5, 3), "MONTH_DAY_FORMAT") == day


def test_german_edition_has_german_shop_pages(client, editions):
    page = client.get("/de/basket/").content.decode()
    assert '<html lang="de' in page
    assert "Ihr Warenkorb ist leer" in page
    assert 'href="/de/products/"' in page
    assert "Alle Produkte" in client.get("/de/products/").content.decode()
    assert "Diese Seite gibt es nicht" in client.get("/de/gibt-es-nicht/").content.decode()


def test_chinese_browser_reads_chinese_at_the_back_offices_door(client, db):
    page = client.get("/admin/login/", headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    assert '<html lang="zh-hans"' in page
    assert "登录" in page


def test_chinese_staff_read_the_shops_menu_in_chinese(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    page = client.get("/admin/", headers={"accept-language": "zh-CN"}).content.decode()
    assert json.dumps("全部订单")[1:-1] in page  # the menu is written by a script
    assert "起步清单" in page


def test_confirmation_mail_is_german():
    address = SimpleNamespace(first_name="Anna", active_address_fields=["Anna Lind", "Hafenweg 3"])
    order = SimpleNamespace(number="SK-1", shipping_address=address)
    with override("de"):
        subject = render_to_string(
            "oscar/communication/emails/commtype_order_placed_subject.txt",
            {"order": order, "shop_name": "Wharf"},
        )
        opening = gettext(
            "Hello %(name)s,\n\nthank you. Your order %(number)s is paid and on its way to being packed."
        )
    assert subject.strip() == "Ihre Bestellung SK-1 bei Wharf"
    assert opening.startswith("Guten Tag %(name)s,\n\nvielen Dank.")
