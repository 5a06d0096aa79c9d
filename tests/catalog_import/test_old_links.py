"""Old links to Amazon lead on to the product, in the visitor's market."""

import pytest
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing
from tests.catalogue.factories import make_category, make_single

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")


@pytest.fixture
def lamp():
    return make_single("Lamp", price="12.00", category=make_category("Garden"))


def list_on_amazon(product, *, marketplace="us", sku="LAMP-1", asin="B0ZZLAMP01", is_primary=True):
    return AmazonListing.objects.create(
        product=product, marketplace=marketplace, sku=sku, asin=asin, is_primary=is_primary
    )


def test_an_asin_leads_to_the_product_of_the_visitors_market(client, lamp):
    list_on_amazon(lamp)

    american = client.get("/a/B0ZZLAMP01", headers={"accept-language": "en-US"})
    german = client.get("/a/b0zzlamp01/", headers={"accept-language": "de-DE"})

    assert (american.status_code, american["Location"]) == (302, lamp.get_absolute_url())
    assert (german.status_code, german["Location"]) == (302, f"/de{lamp.get_absolute_url()}")
    assert german["Vary"] == "Accept-Language, Cookie"
    assert german["Cache-Control"] == "private"


def test_the_market_that_was_chosen_counts_more_than_the_browsers_language(client, lamp):
    list_on_amazon(lamp)
    client.cookies["edition"] = "de-en"

    answer = client.get("/a/B0ZZLAMP01", headers={"accept-language": "en-US"})

    assert answer["Location"] == f"/de-en{lamp.get_absolute_url()}"


def test_an_address_that_names_its_market_leads_there_for_good(client, lamp):
    list_on_amazon(lamp)

    answer = client.get("/de/a/B0ZZLAMP01", headers={"accept-language": "en-US"})

    assert (answer.status_code, answer["Location"]) == (301, f"/de{lamp.get_absolute_url()}")


@pytest.mark.parametrize("sku", ["LAMP-1", "11UN/5P 2A,69", "0012", "Lämpchen™"])
def test_a_sku_of_any_shape_leads_to_its_product(client, lamp, sku):
    from urllib.parse import quote

    list_on_amazon(lamp, sku=sku)

    assert client.get(f"/s/{quote(sku)}")["Location"] == lamp.get_absolute_url()
    assert client.get(f"/s/{quote(sku)}/")["Location"] == lamp.get_absolute_url()


def test_of_two_products_with_one_asin_that_of_the_visitors_marketplace_counts(client, lamp):
    other = make_single("Leuchte", price="9.00", category=make_category("Garten"))
    list_on_amazon(lamp)
    list_on_amazon(other, marketplace="de", sku="LEUCHTE-1")

    assert client.get("/de/a/B0ZZLAMP01")["Location"] == f"/de{other.get_absolute_url()}"
    assert client.get("/a/B0ZZLAMP01")["Location"] == lamp.get_absolute_url()


def test_a_variant_that_is_hidden_leads_to_its_family(client, lamp):
    lamp.structure = "parent"
    lamp.save()
    child = Product.objects.create(structure="child", parent=lamp, title="Red", is_public=False)
    list_on_amazon(child)

    assert client.get("/a/B0ZZLAMP01")["Location"] == lamp.get_absolute_url()


def test_what_is_not_public_is_not_found_and_the_page_helps(client, lamp):
    list_on_amazon(lamp)
    Product.objects.update(is_public=False)

    for path in ("/a/B0ZZLAMP01", "/a/B0ZZZZZZZZ", "/s/NOTHING<script>"):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert "We do not have this product" in page
        assert 'role="search"' in page
        assert "<script>”" not in page


def test_the_page_for_what_is_gone_speaks_german_in_germany(client):
    assert "Dieses Produkt haben wir nicht" in client.get("/de/a/B0ZZZZZZZZ").content.decode()


def test_a_short_link_is_not_posted_to(client):
    assert client.post("/a/B0ZZLAMP01").status_code == 405
