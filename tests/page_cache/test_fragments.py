"""Fragments of pages: a shopper with a basket, for whom no page is kept, sees every change at the next request."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.cms.branding import Branding, Menu, MenuEntry
from storefront.cms.models import ContentPage
from storefront.cms.services import create_first_pages
from storefront.consent.models import Service
from storefront.markets.models import Market
from storefront.page_cache import shown
from storefront.page_cache.change_log import CLOCK_KEY, announce, change_log
from storefront.page_cache.fragments import FragmentStore, read_each
from storefront.payments.models import PaymentPage, PaymentSetup
from storefront.search.indexing import update_index
from tests.catalogue import factories
from tests.cms.conftest import picture  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lamp():
    made = factories.make_single("Lamp", category=factories.make_category("Garden"))
    update_index(now=timezone.now())
    return made


@pytest.fixture
def ask():
    """Return a function that asks for a page as a shopper with a basket."""
    client = Client()
    client.cookies["basket"] = "1:of-nobody"

    def text_of(address):
        answer = client.get(address)
        assert "X-Page-Cache" not in answer.headers
        return answer.text

    return text_of


def _change_price(lamp):
    lamp.stockrecords.update(price=Decimal("77.70"))


def _sell_out(lamp):
    lamp.stockrecords.update(num_in_stock=0)


def _translate(lamp):
    factories.make_text(lamp, language="en", title="Lantern")


def _picture(lamp):
    get_model("catalogue", "ProductImage").objects.create(product=lamp, original="products/new.jpg")


def _rate(lamp):
    get_model("catalogue", "Product").objects.filter(pk=lamp.pk).update(rating=4)


def _rename_category(lamp):
    category = lamp.categories.get()
    category.name = "Outdoors"
    category.save()


def _colour(lamp):
    Branding.objects.create(primary="#1d2b4f")


def _menu(lamp):
    menu = Menu(place="header")
    menu.entries = [MenuEntry(text="Gift ideas", path="/search/?q=gift")]
    menu.save()


def _footer_menu(lamp):
    menu = Menu(place="footer")
    menu.entries = [MenuEntry(text="Spare parts", path="/search/?q=part")]
    menu.save()


def _page(lamp):
    home = apps.get_model("cms", "HomePage").objects.get(locale__language_code="en")
    home.add_child(instance=ContentPage(title="Workshop", slug="workshop", show_in_menus=True))


def _service(lamp):
    Service.objects.create(
        name="Counter", purpose="statistics", provider="Counter Ltd", script="https://count.example/c.js"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_change_price, "$77.70"),
        (_sell_out, "Sold out"),
        (_translate, "Lantern"),
        (_picture, "products/new.400.webp"),
        (_rate, "4.0 out of 5 stars"),
        (_rename_category, "Outdoors"),
        (_colour, "/brand/"),
        (_menu, "Gift ideas"),
        (_footer_menu, "Spare parts"),
        (_page, "Workshop"),
        (_service, "consent-services"),
    ],
)
def test_change_is_seen_at_the_next_request(ask, lamp, change, words):
    create_first_pages(shop_name="Wharf")
    for _time in range(2):
        assert words not in ask("/products/")

    change(lamp)

    assert words in ask("/products/")


def test_logo_is_seen_at_the_next_request(ask, lamp, picture):  # noqa: F811
    assert "brand__logo" not in ask(lamp.get_absolute_url())

    Branding.objects.create(logo=picture)

    assert "brand__logo" in ask(lamp.get_absolute_url())


def _deliver_for(price):
    def change(markets):
        markets["us"].deliveries.update(price=Decimal(price))

    return change


def _rename_market(markets):
    markets["de"].name = "Alemannia"
    markets["de"].save()


def _tax_included(markets):
    Market.objects.filter(code="us").update(prices_include_tax=True)


def _card_form_at_stripe(markets):
    PaymentSetup.objects.create(page=PaymentPage.AT_STRIPE)


def _take_delivery_page_back(markets):
    ContentPage.objects.get(slug="delivery-and-returns", locale__language_code="en").unpublish()


def _sell_in_germany_no_more(markets):
    Market.objects.filter(code="de").update(is_enabled=False)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (_deliver_for("7.77"), "", "$7.77"),
        (_rename_market, "", "Alemannia"),
        (_tax_included, "Sales tax is calculated at checkout", ""),
        (_card_form_at_stripe, "data-express", ""),
        (_take_delivery_page_back, "plus delivery", ""),
        (_sell_in_germany_no_more, "/editions/de-en/", ""),
    ],
)
def test_what_a_product_page_says_of_the_shop_changes_at_once(ask, markets, lamp, change, before, after):
    create_first_pages(shop_name="Wharf")
    address = lamp.get_absolute_url()
    for _time in range(2):
        page = ask(address)
        assert before in page
        assert not after or after not in page

    change(markets)

    page = ask(address)
    assert after in page
    assert not before or before not in page


def test_what_a_product_page_says_of_the_shop_is_of_its_edition(ask, markets, price, lamp):
    create_first_pages(shop_name="Wharf")
    price(lamp, markets["de"], "20.00")
    address = lamp.get_absolute_url()
    pages = {}
    for _time in range(2):
        for prefix in ("", "/de", "/de-en"):
            page = ask(f"{prefix}{address}?x=1")
            assert pages.setdefault(prefix, page) == page
    for prefix, code in {"": "us-en", "/de": "de-de", "/de-en": "de-en"}.items():
        chosen = pages[prefix].partition(f'href="{prefix}/editions/{code}/?to=')[2].partition("</a>")[0]
        assert f"{prefix}{address}" in chosen.replace("%2F", "/")
        assert 'aria-current="true"' in chosen
    assert "Sales tax is calculated at checkout" in pages[""]
    assert "Land und Sprache" in pages["/de"]
    assert "Country and language" in pages["/de-en"]


def test_address_of_another_page_is_not_kept_with_the_markets(ask, markets, lamp):
    vase = factories.make_single("Vase")
    for product in (lamp, vase, lamp):
        address = product.get_absolute_url()
        markets_named = ask(address).partition('id="markets"')[2].partition("</nav>")[0]
        assert markets_named.count(f"to={address.replace('/', '%2F')}") == 1
        assert markets_named.count(address.replace("/", "%2F")) == 3


def test_product_that_is_hidden_leaves_a_rail(ask, lamp):
    vase = factories.make_single("Vase", category=lamp.categories.get())
    update_index(now=timezone.now())
    address = f"/products/more/?like={vase.pk}"
    assert "Lamp" in ask(address)

    get_model("catalogue", "Product").objects.filter(pk=lamp.pk).update(is_public=False)

    assert "Lamp" not in ask(address)


def test_editions_have_cards_and_frames_of_their_own(ask, markets, price, lamp):
    price(lamp, markets["de"], "20.00")
    update_index(now=timezone.now())
    for _time in range(2):
        plain, german, english = ask("/products/"), ask("/de/products/"), ask("/de-en/products/")
        assert ("$10.00" in plain, "20,00" in plain, "In stock" in plain) == (True, False, True)
        assert ("$10.00" in german, "20,00\xa0€" in german, "Auf Lager" in german) == (False, True, True)
        assert ("€20.00" in english, "In stock" in english) == (True, True)
        assert 'href="/de/basket/"' in german
        assert 'href="/de-en/basket/"' in english


def test_each_shopper_has_the_number_of_their_own_basket(lamp):
    shoppers = [Client(), Client(), Client()]
    for number, shopper in enumerate(shoppers[:2], start=1):
        shopper.post(f"/basket/add/{lamp.pk}/", {"quantity": number})

    for _time in range(2):
        pages = [shopper.get(f"{lamp.get_absolute_url()}?x=1").text for shopper in shoppers]
        assert [f'aria-hidden="true">{number}</span>' in pages[0] for number in (1, 2)] == [True, False]
        assert [f'aria-hidden="true">{number}</span>' in pages[1] for number in (1, 2)] == [False, True]
        assert 'class="count"' not in pages[2]


def test_menu_says_where_the_shopper_is(ask, lamp):
    garden = lamp.categories.get().get_absolute_url()
    here = f'href="{garden}" aria-current="page"'
    for _time in range(2):
        assert here in ask(garden)
        assert here not in ask("/products/")


def test_pictures_of_the_first_row_load_at_once(ask, lamp):
    for number in range(5):
        factories.make_single(f"Vase {number}")
    update_index(now=timezone.now())

    for _time in range(2):
        page = ask("/products/")
        assert (page.count('loading="eager"'), page.count('loading="lazy"')) == (4, 2)


def test_list_of_kept_cards_asks_for_none_of_them(ask, lamp, settings):
    """Whether the index is in step, and nothing else: the menu, the list and its cards are kept."""
    settings.PAGE_CACHE_LOOK_SECONDS = settings.PARTS_KEPT_SECONDS = 1_000_000
    ask("/products/")

    with CaptureQueriesContext(connection) as captured:
        assert "Lamp" in ask("/products/")

    assert len(captured) == 1, captured.captured_queries


def test_fragment_begun_before_a_change_is_not_shown_after_it():
    store, times = FragmentStore(), []

    def make():
        times.append(1)
        announce(["page:1"])  # while it is made
        shown.note("page:1")
        return len(times)

    for _time in range(2):
        with shown.collect(clock=change_log.follow(cache.get(CLOCK_KEY))):
            value = store.read(make)
    assert value == 2


def test_page_shows_what_its_fragment_shows():
    store = FragmentStore()
    for _time in range(2):
        with shown.collect(clock=change_log.follow(cache.get(CLOCK_KEY))) as noted:
            store.read(lambda: shown.note("page:1"))
        assert noted.keys == {"page:1", "site"}


def test_fragment_for_nobody_is_not_kept():
    store, times = FragmentStore(), []
    for _time in range(2):
        with shown.collect(clock=change_log.follow(cache.get(CLOCK_KEY))) as noted:
            store.read(lambda: [times.append(1), shown.keep_for_nobody()])
        assert not noted.is_for_everybody
    assert len(times) == 2


def test_outside_of_a_page_everything_is_made_anew():
    store, times = FragmentStore(), []
    for _time in range(2):
        store.read(lambda: times.append(1))
        read_each([1], kind="card", make=lambda ids: {1: times.append(1)})
    assert len(times) == 4
