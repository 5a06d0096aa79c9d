"""robots.txt and the sitemaps: each edition lists what it shows, and nothing it does not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.models import Locale

from storefront.cms.blog import ArticlePage, BlogPage
from storefront.cms.models import ContentPage
from storefront.cms.services import create_first_pages
from storefront.markets.models import MarketBlock
from storefront.search.indexing import update_index
from storefront.seo.ranges import RANGE_SIZE
from tests.catalogue.factories import make_category, make_family, make_single
from tests.seo.sitemap_rules import read_index, read_urlset

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


def body(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.getvalue()


def files(client, prefix=""):
    return [
        entry.loc.removeprefix(f"{SITE}{prefix}/sitemaps/")
        for entry in read_index(body(client, f"{prefix}/sitemap.xml"))
    ]


def pages(client, section, prefix=""):
    """Return the entries of a section by path, read from every file the index names."""
    update_index(now=timezone.now())
    entries = [
        entry
        for name in files(client, prefix)
        if name.startswith(section)
        for entry in read_urlset(body(client, f"{prefix}/sitemaps/{name}"))
    ]
    return {entry.loc.removeprefix(SITE): entry for entry in entries}


def test_robots_names_each_editions_sitemap_and_what_is_no_page(client, markets):
    lines = body(client, "/robots.txt").decode().splitlines()

    assert [line for line in lines if line.startswith("Sitemap:")] == [
        f"Sitemap: {SITE}{prefix}/sitemap.xml" for prefix in ("", "/de", "/de-en")
    ]
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /basket/", "Disallow: /de-en/account/"} <= set(lines)
    assert client.get("/de/robots.txt").status_code == 404


def test_product_is_listed_once_where_it_is_sold_with_its_editions_and_pictures(client, markets, price):
    lamp = make_single("Lamp", pictures=2)
    cable = make_family("Cable", variants=[{"color": "Black", "pictures": 1}, {"color": "White"}])
    price(lamp, markets["de"], "9.00")

    german, american = pages(client, "products", "/de"), pages(client, "products")

    path = lamp.get_absolute_url()
    assert list(german) == [f"/de{path}"]
    assert list(american) == [path, cable.get_absolute_url()]
    assert german[f"/de{path}"].alternates == {
        "en-US": f"{SITE}{path}",
        "de-DE": f"{SITE}/de{path}",
        "en-DE": f"{SITE}/de-en{path}",
        "x-default": f"{SITE}{path}",
    }
    assert american[path].pictures == [
        f"{SITE}/media/products/{lamp.pk}/{number}.800.webp" for number in (0, 1)
    ]
    variant = american[cable.get_absolute_url()]
    assert variant.alternates == {} and len(variant.pictures) == 1
    assert american[path].lastmod == lamp.date_updated.isoformat(timespec="seconds")


def test_blocked_and_hidden_products_are_in_no_sitemap(client, markets, price):
    blocked, hidden = make_single("Blocked"), make_single("Hidden", is_public=False)
    price(blocked, markets["de"], "9.00")
    MarketBlock.objects.create(product=blocked, market=markets["de"])

    assert pages(client, "products", "/de") == {}
    assert list(pages(client, "products")) == [blocked.get_absolute_url()]
    assert hidden.get_absolute_url() not in pages(client, "products")


def test_listed_addresses_answer_and_call_themselves_canonical(client, markets, price):
    create_first_pages(shop_name="Wharf & Sons")
    category = make_category("Garden")
    lamp = make_single("Lamp", category=category)
    price(lamp, markets["de"], "9.00")

    for prefix in ("", "/de", "/de-en"):
        for section in ("pages", "categories", "products"):
            found = pages(client, section, prefix)
            assert found, (prefix, section)
            for path in found:
                response = client.get(path, headers={"accept-language": ""})
                assert response.status_code == 200, path
                assert 'content="noindex' not in response.content.decode(), path


def test_category_is_listed_with_its_parents_where_something_in_it_is_sold(client, markets, price):
    garden = make_category("Garden")
    hoses = make_category("Hoses", parent=garden)
    empty = make_category("Empty")
    hidden = make_category("Hidden", is_public=False)
    hose = make_single("Hose", category=hoses)
    hose.categories.add(hidden)
    make_single("Spade", category=garden)
    price(hose, markets["de"], "9.00")

    german = pages(client, "categories", "/de")

    assert list(german) == [f"/de{garden.get_absolute_url()}", f"/de{hoses.get_absolute_url()}"]
    assert german[f"/de{hoses.get_absolute_url()}"].alternates["en-US"] == f"{SITE}{hoses.get_absolute_url()}"
    assert empty.get_absolute_url() not in pages(client, "categories")


def test_pages_and_articles_are_listed_in_the_language_that_reads_them(client, markets, picture):
    home = create_first_pages(shop_name="Wharf & Sons")
    make_single("Lamp")
    blog = home.add_child(instance=BlogPage(title="Workshop", slug="blog"))
    article = blog.add_child(instance=ArticlePage(title="Wood", slug="wood", intro="Short.", picture=picture))
    german = Locale.objects.get(language_code="de")
    about = home.add_child(instance=ContentPage(title="Workshop", slug="our-workshop"))
    about_de = about.copy_for_translation(german)
    about_de.slug, about_de.live = "unsere-werkstatt", True
    about_de.save()
    home.add_child(instance=ContentPage(title="US only", slug="us-only", only_in=["us"]))
    home.add_child(instance=ContentPage(title="Draft", slug="draft", live=False))

    english, in_germany, english_in_germany = (
        pages(client, "pages", prefix) for prefix in ("", "/de", "/de-en")
    )

    assert {"/", "/blog/", "/blog/wood/", "/our-workshop/", "/us-only/"} <= set(english)
    assert "/draft/" not in english
    assert "/de/unsere-werkstatt/" in in_germany and "/de/our-workshop/" not in in_germany
    assert "/de-en/our-workshop/" in english_in_germany and "/de-en/us-only/" not in english_in_germany
    assert english["/our-workshop/"].alternates == {
        "en-US": f"{SITE}/our-workshop/",
        "de-DE": f"{SITE}/de/unsere-werkstatt/",
        "en-DE": f"{SITE}/de-en/our-workshop/",
        "x-default": f"{SITE}/our-workshop/",
    }
    assert english["/blog/wood/"].pictures == [f"{SITE}{article.picture.file.url}"]


def test_queries_do_not_grow_with_products(client, markets, price):
    def add(count):
        for number in range(count):
            price(make_single(f"Lamp {number}", category=category, pictures=2), markets["de"], "9.00")
        update_index(now=timezone.now())

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            names = files(client, "/de")
            for name in names:
                body(client, f"/de/sitemaps/{name}")
        return len(queries)

    category = make_category("Garden")
    add(2)
    count_queries()
    few = count_queries()
    add(18)
    assert len(pages(client, "products", "/de")) == 20
    assert count_queries() == few


def test_files_are_cut_by_key_and_an_empty_one_is_not_listed(client, markets):
    first, second = make_single("One", pk=3), make_single("Two", pk=2 * RANGE_SIZE)
    update_index(now=timezone.now())

    assert files(client) == ["products-0.xml", "products-2.xml"]
    assert list(pages(client, "products")) == [first.get_absolute_url(), second.get_absolute_url()]
    assert client.get("/sitemaps/products-1.xml").status_code == 404
    assert client.get("/sitemaps/others-0.xml").status_code == 404


def test_anybody_may_keep_them_and_no_cookie_is_set(client, markets):
    make_single("Lamp")
    update_index(now=timezone.now())

    for path in ("/robots.txt", "/sitemap.xml", "/de/sitemap.xml"):
        response = client.get(path)
        assert response["Cache-Control"] == "public, max-age=3600" and not response.cookies


def test_shop_without_a_market_has_no_sitemap(client, open_markets):
    open_markets([])

    assert client.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in body(client, "/robots.txt").decode()
    assert get_model("catalogue", "Product").objects.count() == 0
