"""Typos, stems, synonyms, filters, suggestions: through the pages shoppers use."""

import re

import pytest
from django.core.management import call_command
from django_tasks import default_task_backend
from oscar.core.loading import get_model

from storefront.markets.models import OptionText
from storefront.search import selectors
from storefront.search.filters import Filters
from storefront.search.language import count_mistakes, stems_of
from storefront.search.models import SearchDocument, SearchMiss, Synonym
from storefront.search.swatches import swatch_colour
from tests.catalogue.factories import make_category, make_family, make_single, make_text

pytestmark = pytest.mark.django_db


def found(query, **options):
    return [card.title for card in selectors.list_products(query=query, **options).cards]


@pytest.fixture
def shop(markets):
    garden, cables = make_category("Garden"), make_category("Cables")
    can = make_single("Watering can", price="25.00", category=garden, rating=4.5)
    make_text(can, language="de", title="Gießkanne für Gärten")
    lamp = make_single("Desk lamp", price="40.00", stock=0)
    make_text(lamp, language="de", title="Schreibtischlampe")
    cable = make_family(
        "Charging cable",
        category=cables,
        variants=[
            {"brand": "Acme", "color": "Black", "price": "9.00"},
            {"brand": "Acme", "color": "White", "price": "9.00"},
        ],
    )
    make_text(cable, language="de", title="Ladekabel")
    other = make_family(
        "Printer cable", category=cables, variants=[{"brand": "Volt", "color": "Black", "price": "15.00"}]
    )
    make_text(other, language="de", title="Druckerkabel")
    return {"garden": garden, "cables": cables}


@pytest.fixture
def priced_in_euros(shop, markets, price):
    from oscar.core.loading import get_model

    for product in get_model("catalogue", "Product").objects.exclude(structure="parent"):
        price(product, markets["de"], "20.00")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("watering cans", ["Watering can"]),
        ("watring can", ["Watering can"]),
        ("wateringg", ["Watering can"]),
        ("prnter", ["Printer cable"]),
        ("pritner", ["Printer cable"]),
        ("cabel", ["Printer cable", "Charging cable"]),
        ("acme", ["Charging cable"]),
        ("white cables", ["Charging cable"]),
        ("xyzzyx", []),
    ],
)
def test_typos_and_endings_are_understood(shop, query, expected):
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("giesskanne", "Gießkanne für Gärten"),
        ("gieskanne", "Gießkanne für Gärten"),
        ("garten", "Gießkanne für Gärten"),
        ("gaerten", "Gießkanne für Gärten"),
        ("kabel laden", None),
        ("ladekable", "Ladekabel"),
        ("schreibtischlampen", "Schreibtischlampe"),
    ],
)
def test_german_is_searched_by_its_own_words(client, priced_in_euros, query, title):
    page = client.get("/de/search/", {"q": query})

    cards = page.context["products"].cards if page.context.get("products") else []
    assert [card.title for card in cards] == ([title] if title else [])


def test_a_part_of_a_compound_finds_the_whole(client, priced_in_euros):
    cards = client.get("/de/search/", {"q": "kabel"}).context["products"].cards

    assert {card.title for card in cards} == {"Ladekabel", "Druckerkabel"}


def test_a_page_says_how_a_typo_was_understood(client, shop):
    page = client.get("/search/", {"q": "prnter"}).content.decode()

    assert "Nothing has “prnter” in it; these are the results for “printer”." in page


def test_synonyms_find_each_other(shop):
    Synonym.objects.create(language="en", words="lead, cable")

    assert set(found("leads")) == {"Charging cable", "Printer cable"}


def test_synonyms_of_another_language_do_not_count(shop):
    Synonym.objects.create(language="de", words="plunder, cable")

    assert found("plunder") == []


def test_a_search_in_vain_is_counted_for_the_merchant(client, shop):
    for query in ("Toaster", "toaster", "kettle"):
        client.get("/search/", {"q": query})

    assert list(SearchMiss.objects.values_list("query", "times", "edition")) == [
        ("toaster", 2, "us-en"),
        ("kettle", 1, "us-en"),
    ]


def test_what_changes_is_found_at_once_and_what_goes_is_not(shop):
    assert found("toaster") == []
    product = make_single("Toaster")
    assert found("toaster") == ["Toaster"]
    product.title = "Kettle"
    product.save()
    assert (found("toaster"), found("kettle")) == ([], ["Kettle"])
    type(product).objects.filter(pk=product.pk).update(is_public=False)
    assert found("kettle") == []


def test_many_visitors_ask_the_worker_once(shop, settings):
    call_command("update_search_index")
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    for number in range(2):
        make_single(f"Toaster {number}")
        for _visitor in range(3):
            found("toaster")
        assert len(default_task_backend.results) == number + 1
        call_command("update_search_index")
    assert found("toaster") == ["Toaster 0", "Toaster 1"]


def test_a_second_indexing_changes_nothing(shop, django_assert_num_queries):
    call_command("update_search_index")
    before = list(SearchDocument.objects.order_by("pk").values())
    call_command("update_search_index")

    assert list(SearchDocument.objects.order_by("pk").values()) == before


def test_only_what_changed_is_indexed_again(shop):
    call_command("update_search_index")
    keys = dict(SearchDocument.objects.filter(language="en").values_list("title", "pk"))
    make_single("Toaster")
    call_command("update_search_index")

    now = dict(SearchDocument.objects.filter(language="en").values_list("title", "pk"))
    assert {title: now[title] for title in keys} == keys
    assert now.keys() - keys.keys() == {"Toaster"}


def test_products_of_like_titles_are_indexed_beside_each_other():
    for title in ("Lamp, white", "Cable, white", "Lamp, black", "Cable, black"):
        make_single(title)
    call_command("update_search_index", "--all")

    written = SearchDocument.objects.filter(language="en").order_by("pk").values_list("title", flat=True)
    assert list(written) == ["Cable, black", "Cable, white", "Lamp, black", "Lamp, white"]


def choices(page):
    return {(choice.name, choice.text): choice.count for group in page.facets for choice in group.choices}


def test_a_colour_to_filter_by_is_shown(shop):
    page = selectors.list_products(with_facets=True)
    swatches = {choice.text: choice.swatch for group in page.facets for choice in group.choices}
    assert swatches["White"] == "#f7f7f5"
    assert {text for text, swatch in swatches.items() if swatch} == {"Black", "White"}


@pytest.mark.parametrize("name", ["Forest Green", "Waldgrün", "vert", "Verde salvia", "绿色"])
def test_a_colours_name_is_known_in_the_shops_languages(name):
    assert swatch_colour(name) in ("#3f7a4d", "#9aae8c")


def test_facets_are_counted(shop):
    page = selectors.list_products(with_facets=True)

    assert choices(page) == {
        ("category", "Garden"): 1,
        ("category", "Cables"): 2,
        ("brand", "Acme"): 1,
        ("brand", "Volt"): 1,
        ("o_color", "Black"): 2,
        ("o_color", "White"): 1,
        ("stock", "In stock"): 3,
        ("rating", "4 stars and more"): 1,
        ("rating", "3 stars and more"): 1,
    }
    assert page.prices == (9, 40)


def test_a_filter_is_called_what_most_products_call_it(client, priced_in_euros):
    black = get_model("catalogue", "ProductAttributeValue").objects.filter(value_text="Black")
    for value in black:
        OptionText.objects.create(
            product=value.product, language="de", axis="color", label="Anstrich", value="Schwarz"
        )
    call_command("update_search_index")

    page = client.get("/de/products/").content.decode()

    assert re.findall(r"<legend>(Anstrich|Color)</legend>", page) == ["Anstrich"]


def test_a_choice_narrows_the_others_and_not_its_own_group(shop):
    page = selectors.list_products(filters=Filters(values={"color": ("White",)}), with_facets=True)

    assert [card.title for card in page.cards] == ["Charging cable"]
    assert choices(page)["o_color", "Black"] == 2
    assert ("brand", "Volt") not in choices(page)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("?o_color=Black&o_color=White", ["Charging cable", "Printer cable"]),
        ("?o_color=Black&brand=Volt", ["Printer cable"]),
        ("?min=10&max=30", ["Watering can", "Printer cable"]),
        ("?max=9,50", ["Charging cable"]),
        ("?stock=1&sort=-price", ["Watering can", "Printer cable", "Charging cable"]),
        ("?rating=4", ["Watering can"]),
        ("?rating=9&min=x&category=y&o_=z", ["Watering can", "Desk lamp", "Charging cable", "Printer cable"]),
        ("?o_color=Pink", []),
    ],
)
def test_an_address_says_what_is_shown(client, shop, address, expected):
    page = client.get(f"/products/{address}")

    assert page.status_code == 200
    assert [card.title for card in page.context["products"].cards] == expected


def test_a_category_filter_takes_those_under_it(client, shop):
    make_single("USB cable", category=make_category("USB", parent=shop["cables"]))

    page = client.get("/products/", {"category": shop["cables"].pk})

    assert page.context["products"].total == 3


def test_each_chip_leads_to_the_list_without_it(client, shop):
    page = client.get("/search/?q=cable&o_color=Black&brand=Volt&sort=price")

    assert [(chip.text, chip.url) for chip in page.context["chips"]] == [
        ("Volt", "?q=cable&sort=price&o_color=Black"),
        ("Black", "?q=cable&sort=price&brand=Volt"),
    ]


def test_filters_cost_the_same_for_2_and_20_products(client, shop):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        call_command("update_search_index")
        client.get("/search/?q=cable&o_color=Black")
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/?q=cable&o_color=Black")
        return len(queries)

    few = count()
    for number in range(18):
        make_family(f"Cable {number}", variants=[{"brand": f"B{number}", "color": "Black"}])
    assert count() == few


def test_suggestions_have_pictures_and_addresses(client, shop):
    make_single("Garden hose", pictures=1)

    page = client.get("/search/suggest/", {"q": "gard"})

    assert [card.title for card in page.context["cards"]] == ["Garden hose"]
    assert [link.name for link in page.context["categories"]] == ["Garden"]
    assert ".400.webp" in page.content.decode()
    assert "Set-Cookie" not in page.headers
    assert "public" in page["Cache-Control"]


@pytest.mark.parametrize(
    "query", ['"', "' OR 1=1 --", "a:*&|!()", "NEAR(", "%_\\", "\x00", "日本語", "-" * 100]
)
def test_a_query_of_signs_breaks_nothing(client, shop, query):
    assert client.get("/search/", {"q": query}).status_code == 200
    assert client.get("/search/suggest/", {"q": query}).status_code == 200


@pytest.mark.parametrize(
    ("word", "other", "mistakes"),
    [
        ("kabel", "kabel", 0),
        ("kabel", "kable", 1),
        ("kabel", "kabl", 1),
        ("kabel", "nabel", 1),
        ("kabel", "lampe", 3),
    ],
)
def test_mistakes_are_counted(word, other, mistakes):
    assert count_mistakes(word, other, most=2) == mistakes


def test_stems_are_of_the_language():
    assert stems_of("cables", "en") == stems_of("cable", "en-gb")
    assert set(stems_of("gläser", "de")) & set(stems_of("glas", "de"))
    assert stems_of("cables", "ja") == ("cables",)
