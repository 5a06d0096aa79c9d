"""The pages a new shop starts with, made once."""

import pytest
from django.core.cache import cache
from django.utils.translation import override
from oscar.core.loading import get_model
from wagtail.models import Locale, Page, Site

from storefront.cms.models import ContentPage, HomePage
from storefront.cms.selectors import footer_pages
from storefront.cms.services import FIRST_PAGE_LANGUAGES, create_demo_pages, create_first_pages
from storefront.markets.models import Market
from storefront.markets.services.markets import ensure_markets

pytestmark = pytest.mark.django_db

SLUGS = [
    "about-us",
    "delivery-and-returns",
    "privacy",
    "terms",
    "imprint",
    "right-of-withdrawal",
    "accessibility",
]


GERMAN_SLUGS = [
    "ueber-uns",
    "versand-und-rueckgabe",
    "datenschutz",
    "agb",
    "impressum",
    "widerrufsrecht",
    "barrierefreiheit",
]


@pytest.fixture
def german_market(db):
    """Open the American and the German market, and no other: /de/ is the German edition."""
    ensure_markets()
    cache.clear()


def test_first_pages_take_the_place_of_wagtails_welcome():
    home = create_first_pages(shop_name="Wharf")
    site = Site.objects.get(is_default_site=True)
    assert (site.root_page_id, site.site_name) == (home.pk, "Wharf")
    assert [page.slug for page in Page.objects.filter(depth=2)] == ["shop", "shop-de"]
    assert [page.slug for page in home.get_children()] == SLUGS


def test_german_pages_are_translations_of_the_english_ones():
    home = create_first_pages(shop_name="Wharf")
    german = home.get_translation(Locale.objects.get(language_code="de"))
    assert [page.slug for page in german.get_children().live()] == GERMAN_SLUGS
    keys = [page.translation_key for page in home.get_children()]
    assert [page.translation_key for page in german.get_children()] == keys
    about = ContentPage.objects.get(slug="ueber-uns")
    assert "Wharf verkauft, was selbst hergestellt wird." in str(about.body)
    assert "Wharf verkauft" in str(about.get_latest_revision_as_object().body)
    assert [page.awaits_review for page in ContentPage.objects.child_of(german)] == [
        False,
        False,
        *[True] * 5,
    ]


@pytest.mark.parametrize(
    ("language", "slug", "heading"),
    [
        ("fr", "mentions-legales", "Mentions légales"),
        ("it", "note-legali", "Note legali"),
        ("es", "aviso-legal", "Aviso legal"),
    ],
)
def test_language_of_another_open_market_has_its_pages_too(language, slug, heading):
    ensure_markets()
    Market.objects.filter(code=language).update(is_enabled=True)
    home = create_first_pages(shop_name="Wharf")
    assert len(HomePage.objects.all()) == 3
    imprint = ContentPage.objects.get(slug=slug)
    assert imprint.locale.language_code == language
    assert (imprint.title, imprint.awaits_review) == (heading, True)
    tree = home.get_translation(imprint.locale)
    assert imprint.get_parent() == tree.page_ptr
    assert tree.get_children().live().count() == home.get_children().count()


def test_german_edition_serves_the_german_tree(client, german_market, make_products):
    make_products(1)
    create_first_pages(shop_name="Wharf")
    html = client.get("/de/").content.decode()
    assert '<html lang="de' in html
    assert "Direkt von denen, die es machen." in html
    assert 'href="/de/products/"' in html
    assert 'href="/de/impressum/"' in html
    assert 'href="/imprint/"' not in html
    imprint = client.get("/de/impressum/").content.decode()
    assert "Vor der Eröffnung juristisch prüfen lassen." in imprint
    assert client.get("/de/imprint/").status_code == 404
    assert client.get("/impressum/").status_code == 404


def test_back_office_leads_to_the_edition_that_speaks_a_pages_language(german_market):
    create_first_pages(shop_name="Wharf")
    assert ContentPage.objects.get(slug="impressum").url == "/de/impressum/"
    assert ContentPage.objects.get(slug="imprint").url == "/imprint/"


def test_german_market_in_english_serves_the_english_tree(client, german_market):
    create_first_pages(shop_name="Wharf")
    html = client.get("/de-en/imprint/").content.decode()
    assert "Who runs this shop." in html
    assert 'href="/de-en/about-us/"' in html


def test_language_without_pages_reads_the_english_ones(rf):
    create_first_pages(shop_name="Wharf")
    for language in ("ja", "en-gb", "zh-hans"):
        with override(language):
            assert footer_pages(request=rf.get("/"))[0].title == "About us"


def test_second_run_changes_nothing():
    home = create_first_pages(shop_name="Wharf")
    home.title = "Mine"
    home.save()
    ContentPage.objects.get(slug="imprint").delete()
    before = list(Page.objects.order_by("pk").values())
    assert create_first_pages(shop_name="Other").pk == home.pk
    assert create_demo_pages().pk == home.pk
    assert list(Page.objects.order_by("pk").values()) == before


def test_a_page_somebody_wrote_is_kept():
    welcome = Site.objects.get(is_default_site=True).root_page
    welcome.add_child(instance=Page(title="Written", slug="written"))
    create_first_pages(shop_name="Wharf")
    assert Page.objects.filter(pk=welcome.pk).exists()
    assert Page.objects.filter(slug="written").exists()


def test_legal_pages_say_that_counsel_must_read_them(client):
    create_first_pages(shop_name="Wharf")
    for slug in ("privacy", "terms", "imprint", "right-of-withdrawal", "accessibility"):
        assert "To be reviewed by counsel before opening" in client.get(f"/{slug}/").content.decode()
    assert "To be reviewed" not in client.get("/about-us/").content.decode()


def test_shop_name_is_escaped_in_texts(client):
    create_first_pages(shop_name="Nuts <script> & Bolts")
    assert "Nuts &lt;script&gt; &amp; Bolts sells what it makes" in client.get("/about-us/").content.decode()


def test_footer_names_the_pages_in_one_query(client, rf, django_assert_num_queries):
    create_first_pages(shop_name="Wharf")
    ContentPage.objects.filter(slug="terms").update(show_in_menus=False)
    client.get("/about-us/")  # Wagtail keeps the sites' roots in the cache
    request = rf.get("/")
    with django_assert_num_queries(1):
        pages = footer_pages(request=request)
        assert footer_pages(request=request) == pages
    shown = [slug for slug in SLUGS if slug != "terms"]
    assert [page.url for page in pages] == [f"/{slug}/" for slug in shown]


def test_footer_prefers_the_visitors_language(rf):
    create_first_pages(shop_name="Wharf")
    ContentPage.objects.get(slug="agb").delete()
    with override("de"):
        titles = [page.title for page in footer_pages(request=rf.get("/"))]
    assert set(titles[:5]) == {"Über uns", "Versand und Rückgabe", "Datenschutz", "Terms", "Impressum"}


def test_pages_for_the_eu_are_in_no_menu_of_the_us(client, german_market):
    create_first_pages(shop_name="Wharf")
    assert ContentPage.objects.get(slug="accessibility").only_in == ["de", "fr", "it", "es"]
    for path, is_there in (("/de-en/imprint/", True), ("/imprint/", False)):
        html = client.get(path).content.decode()
        assert ("right-of-withdrawal/" in html) is is_there
        assert ("accessibility/" in html) is is_there
        assert "privacy/" in html


def test_demo_pages_lead_to_the_catalogue(client, settings, tmp_path, make_categories, make_products):
    settings.MEDIA_ROOT = tmp_path
    categories = make_categories("Cables", "Garden tools")
    products = make_products(3, categories=categories)
    for product in products:
        get_model("catalogue", "ProductImage").objects.create(product=product, original="products/a.jpg")
    home = create_demo_pages(shop_name="Demo")
    assert [block.block_type for block in home.body] == [
        "hero",
        "trust",
        "collections",
        "product_rail",
        "story",
        "newsletter",
    ]
    html = client.get("/").content.decode()
    assert html.count('class="tile"') == 2
    assert html.count('class="card"') == 3
    assert HomePage.objects.count() == len(FIRST_PAGE_LANGUAGES)
    german = home.get_translation(Locale.objects.get(language_code="de"))
    assert german.body[0].value["heading"] == "Gemacht für jeden Tag"
    assert german.body[-2].value["button"]["page"].slug == "ueber-uns"
    assert german.body[0].value["picture"].contextual_alt_text.startswith("Gießkanne")
    assert (
        HomePage.objects.get(pk=home.pk).body[0].value["picture"].contextual_alt_text.startswith("A watering")
    )


def test_the_demo_has_a_blog_with_an_article_in_each_language(client, german_market, make_products):
    make_products(1)
    create_demo_pages()
    english = client.get("/workshop-notes/a-trowel-for-twenty-years/").content.decode()
    assert "How to make a trowel last twenty years" in english
    german = client.get("/de/werkstatt/eine-kelle-fuer-zwanzig-jahre/").content.decode()
    assert "Zehn Minuten im Herbst genügen" in german
    assert "Brush it off" not in german
    assert "Zehn Minuten im Herbst genügen" in client.get("/de/werkstatt/").content.decode()
