"""The home page: its blocks, its queries, and what it says before there is anything to sell."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

MAX_QUERIES = 12


@pytest.fixture
def fill(home, picture, make_categories, make_products):
    """Return a function that puts hero, rail, collections and story on the home page."""

    def fill(*, product_count):
        categories = make_categories("Cables", "Chargers", "Garden tools", "Planters")
        products = make_products(product_count, categories=categories)
        image = {"image": picture.pk, "alt_text": "A table", "decorative": False}
        tiles = [{"category": category.pk, "text": "", "tint": "2"} for category in categories]
        home.body = home.body.stream_block.to_python(
            [
                {"type": "hero", "value": {"variant": "split", "heading": "Made to last", "picture": image}},
                {"type": "collections", "value": {"heading": "Collections", "tiles": tiles}},
                {
                    "type": "product_rail",
                    "value": {
                        "heading": "Chosen",
                        "source": "chosen",
                        "products": [product.pk for product in products],
                        "limit": 8,
                    },
                },
                {
                    "type": "story",
                    "value": {
                        "heading": "Where things break",
                        "text": "<p>We start there.</p>",
                        "picture": image,
                    },
                },
            ]
        )
        home.save()
        return products

    return fill


def test_home_page_shows_its_blocks(client, fill):
    fill(product_count=2)
    html = client.get("/").content.decode()
    assert "<h1>Made to last</h1>" in html
    assert html.count('class="tile"') == 4
    assert html.count('class="card"') == 2
    assert "<p>We start there.</p>" in html


def test_search_engines_read_what_the_shop_window_says_unless_told_otherwise(client, home, fill):
    fill(product_count=1)
    assert '<meta name="description" content="Made to last">' in client.get("/").content.decode()
    home.search_description = "Cables that last."
    home.save()
    assert '<meta name="description" content="Cables that last.">' in client.get("/").content.decode()


def test_hero_picture_is_fetched_first_and_keeps_its_place(client, fill):
    fill(product_count=1)
    html = client.get("/").content.decode()
    hero = html[html.index('class="hero') : html.index("</section>")]
    for attribute in (
        'alt="A table"',
        'loading="eager"',
        'fetchpriority="high"',
        'width="160"',
        'height="110"',
    ):
        assert attribute in hero
    assert "srcset=" in hero
    story = html[html.index("Where things break") - 800 :]
    assert 'loading="lazy"' in story


@pytest.mark.parametrize("variant", ["split", "overlay", "panel"])
def test_opening_lays_a_product_over_its_picture_while_the_shop_has_it(
    client, home, picture, variant, make_products
):
    (cable,) = make_products(1)
    image = {"image": picture.pk, "alt_text": "A table", "decorative": False}
    value = {"variant": variant, "heading": "Made to last", "picture": image, "product": cable.pk}
    home.body = home.body.stream_block.to_python([{"type": "hero", "value": value}])
    home.save()
    html = client.get("/").content.decode()
    assert f'class="hero__chip" href="{cable.get_absolute_url()}"' in html
    cable.delete()
    assert "hero__chip" not in client.get("/").content.decode()


def test_home_page_asks_the_same_queries_for_one_and_for_eight_products(client, fill):
    products = fill(product_count=8)
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as of_eight:
        client.get("/")
    get_model("catalogue", "Product").objects.exclude(pk=products[0].pk).delete()
    with CaptureQueriesContext(connection) as of_one:
        html = client.get("/").content.decode()
    assert html.count('class="card"') == 1
    assert len(of_one) == len(of_eight) <= MAX_QUERIES


def test_category_rail_shows_the_categorys_products(client, home, make_categories, make_products):
    cables, _tools = make_categories("Cables", "Tools")
    make_products(2, categories=[cables])
    home.body = [
        ("product_rail", {"heading": "Cables", "source": "category", "category": cables, "limit": 8})
    ]
    home.save()
    html = client.get("/").content.decode()
    assert html.count('class="card"') == 2
    assert f'href="{cables.get_absolute_url()}"' in html


def test_rail_skips_a_product_that_is_gone(client, home, make_products):
    gone, kept = make_products(2)
    home.body = [
        ("product_rail", {"heading": "Two", "source": "chosen", "products": [gone, kept], "limit": 8})
    ]
    home.save()
    gone.delete()
    html = client.get("/").content.decode()
    assert html.count('class="card"') == 1


def test_empty_shop_says_that_it_is_being_prepared(client, home):
    response = client.get("/")
    assert "This shop is being prepared" in response.content.decode()
    assert "Next steps for you" not in response.content.decode()
    assert "noindex" in response.content.decode()


def test_empty_shop_shows_staff_the_next_steps(admin, home):
    html = admin.get("/").content.decode()
    assert "Next steps for you" in html
    assert "Import your Amazon files" in html
    assert f"/admin/pages/{home.pk}/edit/" in html


def test_home_page_appears_with_the_first_product(client, home, make_products):
    client.get("/")
    make_products(1)
    html = client.get("/").content.decode()
    assert "This shop is being prepared" not in html
    assert "New in the shop" in html
    assert html.count('class="card"') == 1
