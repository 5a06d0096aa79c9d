"""Logo, colours, font and menus that a merchant sets at run time."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.tests.utils import get_test_image_file

from storefront.cms.brand_colours import Grounds, brand_tokens, find_faint
from storefront.cms.models import Branding, Menu, MenuEntry
from storefront.cms.services import create_first_pages
from storefront.cms.shop_data import describe_shop
from storefront.markets.models import Market
from storefront.markets.services.markets import ensure_markets
from storefront.theming.colours import contrast, read_colour

pytestmark = pytest.mark.django_db
GROUNDS = Grounds(light=(255, 255, 255), dark=(19, 20, 23))
SETTINGS = "/admin/settings/cms/branding/"


@pytest.fixture
def merchant(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    return client


def set_branding(merchant, **data):
    answer = merchant.get(SETTINGS, follow=True)
    empty = dict.fromkeys(["logo", "primary", "accent", "font", "company", "address", "ways_to_pay"], "")
    return merchant.post(answer.request["PATH_INFO"], empty | data)


def sheet(client):
    page = client.get("/basket/").content.decode()
    found = re.search(r'href="(/brand/\w+\.css)"', page)
    return client.get(found[1]) if found else None


def test_a_shop_without_colours_of_its_own_loads_no_second_sheet(client):
    assert sheet(client) is None


def test_colours_are_on_the_next_page_and_kept_by_browsers_for_good(merchant):
    assert set_branding(merchant, primary="#8a1c4a", accent="#ffd23f", font="serif").status_code == 302
    answer = sheet(merchant)
    css = answer.content.decode()
    assert "--c-primary:#8a1c4a" in css and "--c-on-primary:#ffffff" in css
    assert "--c-accent:#ffd23f;--c-on-accent:#111111" in css
    assert "Georgia" in css
    assert "max-age=31536000" in answer["Cache-Control"]
    set_branding(merchant, primary="#14532d")
    assert "--c-primary:#14532d" in sheet(merchant).content.decode()


def test_a_colour_that_no_button_could_be_seen_in_is_refused_with_a_sentence(merchant):
    answer = set_branding(merchant, primary="#ffe9a8")
    assert answer.status_code == 200
    assert "3 to 1 is needed to tell a button from" in answer.content.decode()
    assert not Branding.objects.exclude(primary="").exists()


@pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "#000;}body{display:none"])
def test_what_is_no_colour_is_refused(merchant, colour):
    set_branding(merchant, primary=colour)
    assert not Branding.objects.exclude(primary="").exists()


def test_a_font_that_the_theme_has_not_is_refused(merchant):
    set_branding(merchant, font="comic; } body { display: none")
    assert not Branding.objects.exclude(font="").exists()


@pytest.mark.parametrize("colour", ["#1d2b4f", "#8a1c4a", "#0f766e", "#b45309", "#000000", "#767676"])
def test_text_on_every_colour_can_be_read_in_the_light_and_in_the_dark(colour):
    assert not find_faint(colour, grounds=GROUNDS)
    for tokens, ground in zip(
        brand_tokens(primary=colour, accent="", grounds=GROUNDS), (GROUNDS.light, GROUNDS.dark), strict=True
    ):
        text = read_colour(tokens["c-on-primary"])
        assert contrast(read_colour(tokens["c-primary"]), ground) >= 3
        for name in ("c-primary", "c-primary-hover"):
            assert contrast(read_colour(tokens[name]), text) >= 4.5


def test_logo_stands_in_the_header_with_the_shops_name(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    from wagtail.images import get_image_model

    logo = get_image_model().objects.create(title="Logo", file=get_test_image_file(size=(600, 120)))
    Branding.objects.create(logo=logo)
    page = client.get("/basket/").content.decode()
    assert re.search(r'<img class="brand__logo" src="/media/[^"]+" width="480" height="96" alt="', page)


def test_footer_names_the_company_and_the_ways_to_pay(merchant):
    foot = merchant.get("/basket/").content.decode().partition("site-footer__legal")[2]
    assert "<p>Storefront</p>" in foot and "pay-marks" not in foot

    assert (
        set_branding(merchant, company="Lind & Söhne GmbH", ways_to_pay="Visa, ,Mastercard,").status_code
        == 302
    )

    foot = merchant.get("/basket/").content.decode().partition("site-footer__legal")[2]
    assert "<p>Lind &amp; Söhne GmbH</p>" in foot
    assert re.findall(r"<li>(\w+)</li>", foot) == ["Visa", "Mastercard"]
    organization, _website = describe_shop(lambda path: f"https://shop.test{path}")
    assert organization["legalName"] == "Lind & Söhne GmbH"


def test_menus_are_the_most_exact_for_market_and_language(client):
    ensure_markets()
    home = create_first_pages(shop_name="Wharf")
    about = home.get_children().get(slug="about-us")
    everywhere = Menu.objects.create(place="header")
    MenuEntry.objects.create(menu=everywhere, text="Everything", path="/products/")
    MenuEntry.objects.create(menu=everywhere, text="The makers", page=about)
    german = Menu.objects.create(place="header", market=Market.objects.get(code="de"), language="de")
    MenuEntry.objects.create(menu=german, text="Alles", path="/products/")
    footer = Menu.objects.create(place="footer")
    MenuEntry.objects.create(menu=footer, text="Cables", path="/search/?q=cable")
    footer.save()

    page = client.get("/de-en/basket/").content.decode()
    assert '<a href="/de-en/products/">Everything</a>' in page
    assert '<a href="/de-en/about-us/">The makers</a>' in page
    assert '<a href="/de-en/search/?q=cable">Cables</a>' in page
    page = client.get("/de/basket/").content.decode()
    assert '<a href="/de/products/">Alles</a>' in page and "The makers" not in page


def test_logo_colours_and_menus_cost_no_query(client):
    Branding.objects.create(primary="#14532d")
    client.get("/basket/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/basket/")
    asked = " ".join(each["sql"] for each in queries.captured_queries)
    assert "cms_branding" not in asked and "cms_menu" not in asked


def test_merchant_makes_a_menu_in_the_back_office(merchant):
    ensure_markets()
    assert "Header" in merchant.get("/admin/menus/new/").content.decode()
    data = {
        "place": "header",
        "market": "",
        "language": "",
        "entries-TOTAL_FORMS": 1,
        "entries-INITIAL_FORMS": 0,
        "entries-MIN_NUM_FORMS": 1,
        "entries-MAX_NUM_FORMS": 1000,
        "entries-0-text": "Tools",
        "entries-0-page": "",
        "entries-0-path": "//evil.example/",
        "entries-0-ORDER": 1,
    }
    refused = merchant.post("/admin/menus/new/", data)
    assert "beginning with one slash" in refused.content.decode()
    assert merchant.post("/admin/menus/new/", data | {"entries-0-path": "/search/?q=tool"}).status_code == 302
    assert ">Tools</a>" in merchant.get("/basket/").content.decode()
    assert merchant.post("/admin/menus/new/", data | {"entries-0-path": "/products/"}).status_code == 200
    assert Menu.objects.count() == 1
