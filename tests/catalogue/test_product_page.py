import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from storefront.shop.catalogue.words import Texts
from tests.catalogue.factories import make_category, make_family, make_single, make_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def cable():
    """A cable in two colours and two lengths; the black one of 2 m does not exist, the red one of 1 m is sold out."""
    return make_family(
        "Cable",
        variants=[
            {"color": "Black", "size": "1 m", "sku": "C-B1", "price": "5.00", "upc": "4006381333931"},
            {"color": "Red", "size": "1 m", "sku": "C-R1", "price": "6.00", "stock": 0},
            {"color": "Red", "size": "2 m", "sku": "C-R2", "price": "7.00", "stock": 3},
        ],
    )


def variant(family, sku):
    return family.children.get(stockrecords__partner_sku=sku)


def read(client, product):
    return client.get(product.get_absolute_url()).content.decode()


def options(page):
    """Return what each option of the page says, by its first words: its link's attributes and text."""
    links = re.findall(r'<a class="option[^"]*" (?P<attributes>[^>]*)>(?P<text>.*?)</a>', page, re.DOTALL)
    return {
        strip_tags(text).split(",")[0].strip(): (attributes, strip_tags(text)) for attributes, text in links
    }


def buys(page):
    """Return which product the form of a page puts in the basket."""
    return int(re.search(r'action="/basket/add/(\d+)/"', page)[1])


def test_a_familys_page_offers_its_first_variant_that_can_be_bought(client):
    family = make_family(variants=[{"size": "S", "stock": 0}, {"size": "M", "price": "8.00", "sku": "M-1"}])

    page = read(client, family)

    assert buys(page) == variant(family, "M-1").pk
    assert "$8.00" in page


def test_a_variants_page_is_its_familys_with_it_chosen(client, cable):
    red = variant(cable, "C-R2")

    page = read(client, red)

    assert "<h1>Cable</h1>" in page
    assert "<title>Cable, Red, 2 m | " in page
    assert buys(page) == red.pk
    assert 'aria-current="true"' in options(page)["Red"][0]
    assert 'aria-current="true"' in options(page)["2 m"][0]
    assert f'<link rel="canonical" href="http://testserver{cable.get_absolute_url()}">' in page
    assert "C-R2" in page


def test_an_option_leads_to_the_variant_that_keeps_the_rest_of_the_choice(client, cable):
    page = read(client, variant(cable, "C-B1"))

    assert variant(cable, "C-R1").get_absolute_url() in options(page)["Red"][0]


def test_an_impossible_combination_is_struck_out_and_leads_to_the_nearest(client, cable):
    page = read(client, variant(cable, "C-B1"))
    attributes, text = options(page)["2 m"]

    assert "data-unavailable" in attributes
    assert "not made in Black" in text
    assert variant(cable, "C-R2").get_absolute_url() in attributes
    assert "data-unavailable" not in options(page)["Red"][0]


def test_an_option_that_is_sold_out_says_so_and_can_be_looked_at(client, cable):
    page = read(client, variant(cable, "C-R2"))
    attributes, text = options(page)["1 m"]

    assert "data-sold-out" in attributes
    assert "sold out" in text
    assert "data-unavailable" not in attributes


def test_something_sold_out_cannot_be_put_in_the_basket(client, cable):
    page = read(client, variant(cable, "C-R1"))

    assert "Sold out" in page
    assert "data-buy>" not in page


def test_few_left_are_counted(client, cable):
    assert "Only 3 left" in read(client, variant(cable, "C-R2"))


def test_the_merchants_own_threshold_decides_when_few_are_left(client):
    product = make_single(stock=30)
    product.stockrecords.update(low_stock_threshold=40)

    assert "Only 30 left" in read(client, product)


def test_sizes_stand_from_small_to_large(client):
    family = make_family(variants=[{"size": "10 ft"}, {"size": "3.3 ft"}, {"size": "6 ft"}])

    assert list(options(read(client, family))) == ["3.3 ft", "6 ft", "10 ft"]


def test_colours_are_swatches_only_where_every_name_is_known(client, cable):
    known = read(client, cable)
    unknown = read(client, make_family(variants=[{"color": "Red"}, {"color": "Zephyr"}]))

    assert "--sw:#c23b33" in known
    assert "option--swatch" not in unknown


def test_variants_without_options_are_offered_by_name(client):
    family = make_family(variants=[{"title": "Small set"}, {"title": "Large set"}])

    assert set(options(read(client, family))) == {"Small set", "Large set"}


def test_a_family_without_variants_cannot_be_bought(client):
    page = read(client, make_family(variants=[]))

    assert "Sold out" in page
    assert "data-buy>" not in page


def test_words_come_from_the_variant_then_from_the_family(client, cable):
    make_text(
        cable, bullet_points=["For every desk"], specifications=[["Maker", "Zellumo"], ["Length", "various"]]
    )
    make_text(variant(cable, "C-B1"), bullet_points=["One metre"], specifications=[["Length", "1 m"]])

    black, red = read(client, variant(cable, "C-B1")), read(client, variant(cable, "C-R2"))

    assert "One metre" in black
    assert "For every desk" in red
    assert re.search(r"Length</th><td>1 m", black)
    assert re.search(r"Maker</th><td>Zellumo", black)


def test_words_are_in_the_shoppers_language_where_there_are_any(client):
    product = make_single("Watering can", description="<p>Pours well.</p>")
    make_text(product, language="de", title="Gießkanne", bullet_points=["Tropft nicht"])

    page = client.get(product.get_absolute_url(), headers={"accept-language": "de"}).content.decode()

    assert "<h1>Gießkanne</h1>" in page
    assert "Tropft nicht" in page
    assert "Pours well." not in page  # a text is shown whole: no paragraph in another language


def test_pictures_are_the_variants_own_else_the_familys(client):
    family = make_family(variants=[{"size": "S", "pictures": 2}, {"size": "M"}], pictures=1)
    small, medium = family.children.order_by("id")

    assert f"products/{small.pk}/1.800.webp" in read(client, small)
    assert f"products/{family.pk}/0.800.webp" in read(client, medium)


def test_the_way_to_a_product_leads_through_its_categories(client):
    pots = make_category("Pots", parent=make_category("Garden"))
    page = read(client, make_single("Pot", category=pots))

    crumbs = page[page.index('class="crumbs"') : page.index("</nav>", page.index('class="crumbs"'))]

    assert [strip_tags(name).strip() for name in re.findall(r"<li>(.*?)</li>", crumbs)] == [
        "Home",
        "Garden",
        "Pots",
        "Pot",
    ]


def test_search_engines_read_what_is_chosen(client, cable):
    page = read(client, variant(cable, "C-B1"))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])

    black = data["hasVariant"][0]

    assert data["@type"] == "ProductGroup"
    assert (black["name"], black["sku"], black["gtin"]) == ("Cable, Black, 1 m", "C-B1", "4006381333931")
    assert black["offers"]["price"] == "5.00"
    assert black["offers"]["availability"] == "https://schema.org/InStock"


def test_words_cannot_end_the_script_element_of_the_data(client):
    page = read(client, make_single("Lamp</script><script>alert(1)</script>"))

    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("hidden", ["product", "family", "variant"])
def test_what_is_not_public_is_not_found(client, hidden):
    if hidden == "product":
        product = make_single(is_public=False)
    else:
        family = make_family(
            variants=[{"size": "S", "is_public": hidden != "variant"}], is_public=hidden != "family"
        )
        product = family.children.get()

    assert client.get(product.get_absolute_url()).status_code == 404


def test_an_old_address_leads_to_the_new_one(client):
    product = make_single("Lamp")

    response = client.get(f"/products/old-name_{product.pk}/")

    assert (response.status_code, response["Location"]) == (301, product.get_absolute_url())


def test_a_visit_writes_nothing_and_sets_no_cookie(client, cable):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(cable.get_absolute_url())

    assert not response.cookies
    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]


def test_a_page_costs_the_same_for_2_and_20_variants_and_pictures(client):
    category = make_category("Pots", parent=make_category("Garden"))
    small = make_family(
        variants=[{"size": f"{n} m", "pictures": 2} for n in range(2)], category=category, pictures=2
    )
    large = make_family(
        variants=[{"size": f"{n} m", "pictures": 9} for n in range(20)], category=category, pictures=9
    )
    counts = []
    for product in (small, large, large.children.last()):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(product.get_absolute_url()).status_code == 200
        counts.append(len(queries))

    assert len(set(counts)) == 1
    assert counts[0] <= 12


def test_headline_of_a_title_as_long_as_amazon_takes_is_its_first_part(client):
    first, rest = (
        "Garden hose with brass fittings and a reel for the wall",
        "five spray patterns for beds and pots, " * 3 + "30 m",
    )
    lamp = make_single(f"{first}, {rest}")

    page = read(client, lamp)

    assert f'<h1>{first} <span class="sub">{rest}</span></h1>' in page
    assert f"<title>{first}, {rest}" in page


@pytest.mark.parametrize(
    "title", ["Donaudampfschifffahrtsgesellschaft" * 4, "A, " + "long" * 40, "Short - sweet"]
)
def test_a_title_with_no_place_to_part_it_stays_whole(title):
    assert Texts(title, "", (), ()).headline == (title, "")


def test_summary_keeps_paragraphs_and_words_apart(client):
    lamp = make_single("Lamp")
    lamp.description = (
        "<p>Made of <b>oa</b>k</p><ul><li>Warm light</li><li>Long cable</li></ul>One &amp; one<br>two"
    )
    lamp.save()

    page = client.get(lamp.get_absolute_url()).text

    assert '<meta name="description" content="Made of oak Warm light Long cable One &amp; one two">' in page
