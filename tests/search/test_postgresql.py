"""The same questions to PostgreSQL: its full-text search, its pg_trgm, its triggers."""

import random

import pytest
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.search import selectors
from storefront.search.backends import get_backend
from storefront.search.indexing import MANY_CHANGES, update_index
from storefront.search.models import CatalogueChange, SearchDocument
from tests.catalogue.factories import make_family, make_single, make_text

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def found(query):
    return [card.title for card in selectors.list_products(query=query).cards]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lamps", ["Desk lamp"]),
        ("chraging cable", ["Charging cable"]),
        ("cabel", ["Charging cable"]),
        ("white cable", ["Charging cable"]),
        ("LMP-1", ["Desk lamp"]),
        ("' & | ! ( ) : *", []),
    ],
)
def test_postgresql_finds_what_sqlite_finds(query, expected):
    make_single("Desk lamp", sku="LMP-1")
    make_family("Charging cable", variants=[{"color": "Black"}, {"color": "White"}])

    assert found(query) == expected


def test_of_two_with_the_word_the_one_that_says_less_else_comes_first():
    make_single("Charging cable in a bag with a manual")
    make_single("Printer cable")

    assert found("cable") == ["Printer cable", "Charging cable in a bag with a manual"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search/?q=%00", 200),
        ("/search/?q=cable%00", 200),
        ("/search/suggest/?q=ca%00ble", 200),
        ("/products/?brand=%00", 200),
        ("/products/?o_color=Black%00", 200),
        ("/products/?o_co%00lor=Black", 200),
        ("/s/LMP%001/", 404),
        ("/a/B0%00/", 404),
        ("/%00/", 404),
    ],
)
def test_an_address_with_a_nul_breaks_nothing(client, address, status):
    make_family("Charging cable", variants=[{"color": "Black"}, {"color": "White"}])

    assert client.get(address).status_code == status


def test_a_bulk_update_is_seen():
    product = make_single("Desk lamp")
    assert found("lamp") == ["Desk lamp"]
    type(product).objects.filter(pk=product.pk).update(title="Toaster")

    assert (found("lamp"), found("toaster")) == ([], ["Toaster"])


def test_stock_that_does_not_run_out_changes_no_other_list():
    product = make_single("Desk lamp", stock=5)
    CatalogueChange.objects.all().delete()
    product.stockrecords.update(num_in_stock=4)
    assert list(CatalogueChange.objects.values_list("product_id", "is_on_lists")) == [(product.pk, False)]
    product.stockrecords.update(num_in_stock=0)
    assert list(CatalogueChange.objects.values_list("is_on_lists", flat=True)) == [False, True]


def test_words_are_found_in_their_own_language_alone():
    lamp = make_single("Lamp")
    make_text(lamp, language="de", title="Leuchte")
    update_index(now=timezone.now())

    def find(word, language):
        return get_backend().find([[word]], language=language, limit=5)

    assert (find("lamp", "en"), find("leucht", "de")) == ([lamp.pk], [lamp.pk])
    assert (find("leucht", "en"), find("lamp", "fr")) == ([], [])


def test_stems_that_postgresql_reads_as_nothing_find_nothing():
    make_single("Lamp")
    update_index(now=timezone.now())

    assert get_backend().find([["\u2028"]], language="en", limit=5) == []


@pytest.mark.django_db(transaction=True)
def test_changes_of_an_import_leave_nothing_to_pass_over_once_they_are_indexed():
    lamp, now = make_single("Lamp"), timezone.now()
    CatalogueChange.objects.bulk_create(
        CatalogueChange(product_id=lamp.pk, is_on_lists=True, at=now) for _number in range(MANY_CHANGES)
    )
    update_index(now=now)

    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT 1 FROM storefront_search_cataloguechange"
            " WHERE NOT is_indexed ORDER BY id"
        )
        (plan,) = cursor.fetchone()[0]
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 10


@pytest.fixture
def documents():
    """Words of three frequencies, in titles or elsewhere, of products in no order."""
    chance = random.Random(1)
    Product = get_model("catalogue", "Product")
    kind = make_single("Lamp").product_class
    products = Product.objects.bulk_create(
        Product(title=f"P{number}", product_class=kind) for number in range(400)
    )
    SearchDocument.objects.all().delete()
    for product in products:
        title = [chance.choice(("lamp", "cable", "pot")), *chance.sample(["red", "blue", "zell"], 2)]
        text = [*title, *chance.choices(["grip", "soft", "zell", f"w{chance.randrange(200)}"], k=5)]
        text += ["and"] * chance.randrange(30)
        SearchDocument.objects.create(
            product=product,
            language="en",
            title=" ".join(title),
            title_terms=" ".join(title),
            text_terms=" ".join(text),
            code_terms=f"c {product.pk}",
        )


def ranked(groups, *, among=None):
    """Return what has a stem of every group, of these if any are named, as PostgreSQL ranks it."""
    query = " & ".join(f"({' | '.join(group)})" for group in groups)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, length, to_tsvector('simple', title_terms) @@ query"
            " FROM storefront_search_searchdocument, to_tsquery('simple', %s) AS query"
            " WHERE language = 'en' AND vector @@ query ORDER BY ts_rank(vector, query, 1) DESC, product_id",
            [query],
        )
        return [row for row in cursor.fetchall() if among is None or row[0] in among]


GROUPS = [[["zell"]], [["grip"]], [["grip"], ["zell"]], [["lamp", "grip"]], [["red", "nothing"]], [["w7"]]]


@pytest.mark.parametrize("groups", GROUPS)
def test_of_up_to_twice_as_many_as_are_asked_for_all_are_ranked(documents, groups):
    assert get_backend().find(groups, language="en", limit=200) == [row[0] for row in ranked(groups)][:200]


@pytest.mark.parametrize("groups", GROUPS[:5])
def test_of_more_with_common_words_the_shortest_with_them_in_their_titles_are_ranked(documents, groups):
    everything = ranked(groups)
    titled = sorted((row for row in everything if row[2]), key=lambda row: (row[1], row[0]))[:10]
    shortest = sorted(everything, key=lambda row: (row[1], row[0]))[:10]
    among = {row[0] for row in titled + shortest * (len(titled) < 10)}

    found = get_backend().find(groups, language="en", limit=5)
    assert found == [row[0] for row in ranked(groups, among=among)][:5]


def test_words_that_only_the_shortest_have_often_are_ranked_wherever_they_are(documents):
    """As of gift cards, which say next to nothing: nothing is left out because they came first."""
    shown = SearchDocument.objects.order_by("-pk")
    for place, document in enumerate(shown[:20]):
        long = "" if place < 8 else " and" * (40 + place)
        SearchDocument.objects.filter(pk=document.pk).update(
            title_terms="gift", text_terms=f"gift{long}", code_terms=""
        )

    found = get_backend().find([["gift"]], language="en", limit=5)
    assert found == [row[0] for row in ranked([["gift"]])][:5]
    assert len(get_backend().find([["gift"]], language="en", limit=24)) == 20
