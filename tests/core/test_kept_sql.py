"""Queries whose SQL is kept: the same answers as Django's own, whatever is given."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext

from storefront.kept_sql import Given, GivenAmong, KeptSql
from storefront.markets.models import Market, MarketPrice, ProductText
from storefront.markets.services.markets import ensure_markets
from tests.catalogue.factories import make_single, make_text

pytestmark = pytest.mark.django_db

TEXTS = KeptSql(
    lambda: (
        ProductText.objects.filter(
            product__in=GivenAmong("products"), language__in=GivenAmong("languages", CharField())
        )
        .order_by("pk")
        .values_list("title", "bullet_points")
    )
)
PRICES = KeptSql(
    lambda column: (
        MarketPrice.objects.filter(valid_from__lte=Given("now", DateTimeField()))
        .order_by("pk")
        .values_list(column, "valid_from")
    )
)


@pytest.fixture
def lamps():
    lamps = [make_single(f"Lamp {number}") for number in range(3)]
    for lamp in lamps:
        make_text(lamp, language="de", title=f"{lamp.title} (de)", bullet_points=["hell", "klein"])
        make_text(lamp, language="fr", title=f"{lamp.title} (fr)")
    return lamps


def test_each_asking_is_answered_for_what_it_gives(lamps):
    asked = [
        ([lamps[0].pk], ["de"]),
        ([lamps[0].pk, lamps[2].pk], ["de"]),
        ([lamps[1].pk], {"de", "fr"}),
        ([], ["de"]),
    ]
    found = [
        [title for title, _points in TEXTS(products=products, languages=languages)]
        for products, languages in asked
    ]

    assert found == [["Lamp 0 (de)"], ["Lamp 0 (de)", "Lamp 2 (de)"], ["Lamp 1 (de)", "Lamp 1 (fr)"], []]


def test_values_come_as_django_gives_them(lamps):
    ensure_markets()
    market, begins = Market.objects.get(code="de"), datetime(2026, 1, 2, 3, tzinfo=UTC)
    MarketPrice.objects.create(product=lamps[0], market=market, amount=Decimal("9.50"), valid_from=begins)

    assert TEXTS(products=[lamps[0].pk], languages=["de"]) == [("Lamp 0 (de)", ["hell", "klein"])]
    assert PRICES("amount", now=begins) == [(Decimal("9.500"), begins)]
    assert PRICES("product", now=begins) == [(lamps[0].pk, begins)]
    assert PRICES("amount", now=datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_its_sql_is_written_once(lamps):
    built = []

    def build(column):
        built.append(column)
        texts = ProductText.objects.filter(product=Given("product", BigIntegerField()))
        return texts.order_by("pk").values_list(column)

    titles = KeptSql(build)
    with CaptureQueriesContext(connection) as queries:
        for lamp in lamps:
            titles("title", product=lamp.pk)
            titles("language", product=lamp.pk)

    assert (built, len(queries)) == (["title", "language"], 6)


@pytest.mark.postgres
def test_postgresql_plans_it_once(lamps):
    connection.connection.prepare_threshold = 1  # as production's settings have it
    for lamp in lamps * 2:
        TEXTS(products=[lamp.pk], languages=["de"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%%producttext%%'")
        assert len(cursor.fetchall()) == 1


@pytest.mark.postgres
def test_a_log_of_queries_has_its_text(lamps):
    connection.connection.prepare_threshold = 0
    with CaptureQueriesContext(connection) as queries:
        TEXTS(products=[lamps[0].pk], languages=["de"])

    assert str(lamps[0].pk) in queries[0]["sql"]


@pytest.mark.postgres
def test_values_among_are_one_array_that_postgresql_does_not_join(lamps):
    assert "= ANY(%s::bigint[])" in statement_of(TEXTS)
    assert "= ANY(%s::text[])" in statement_of(TEXTS)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_kept_query_outlives_its_connection():
    lamp = make_single("Lamp")
    make_text(lamp, language="de", title="Lampe", bullet_points=["hell"])
    for _connection in range(2):
        assert TEXTS(products=[lamp.pk], languages=["de"]) == [("Lampe", ["hell"])]
        connection.close()


def statement_of(query):
    query(products=[1], languages=["de"])
    return query._statements[(connection.vendor,)].sql
