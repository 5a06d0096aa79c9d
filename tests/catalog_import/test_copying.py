"""Rows that PostgreSQL gets while the next ones are made: in order, seen by what comes after, all or none."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from catalog_import.listing import Role
from catalog_import.oscar_catalogue.bulk import insert_rows
from catalog_import.oscar_catalogue.copying import copy_rows, sending_ahead
from catalog_import.oscar_catalogue.journal import refresh_table_statistics
from catalog_import.said import Said
from tests.catalogue import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
COLUMNS = ("product", "language", "title", "description", "bullet_points", "specifications")


@pytest.fixture
def texts():
    return apps.get_model("markets", "ProductText").objects


TEXTS = [
    *(
        "",
        "\\",
        "\\.",
        "\\N",
        "N",
        "a\tb",
        "a\nb\r\n",
        "\x08\x0b\x0c\x7f",
        "\\t",
        "Ä 日本 \U0001f33f",
        "'\"$1",
    ),
    Said("said \\ of"),
    Role.CHILD,
]


def test_values_arrive_as_they_are():
    values = {
        "text": TEXTS,
        "boolean": [True, False],
        "bigint": [0, -1, 2**60],
        "numeric": [Decimal("9.90"), Decimal("1E+3"), Decimal("-0.01")],
        "timestamptz": [datetime(2026, 2, 3, 4, 5, 6, 7, UTC), datetime(1, 1, 1, tzinfo=UTC)],
        "date": [date(2026, 2, 3)],
        "uuid": [UUID(int=2**100)],
    }
    for type_, known in values.items():
        for column in (known, [None, *known, None], [None, None], known[:1]):
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TEMP TABLE arrived (place serial, was {type_})")
                copy_rows(connection, "arrived (was)", [column])
                cursor.execute("SELECT was FROM arrived ORDER BY place")
                assert [row[0] for row in cursor.fetchall()] == column
                cursor.execute("DROP TABLE arrived")


def test_value_of_another_type_is_refused():
    with pytest.raises(TypeError, match="float"):
        copy_rows(connection, "catalogue_product (title)", [[0.5]])


def test_what_comes_after_sees_the_rows(texts):
    lamp = factories.make_single("Lamp")

    with transaction.atomic(), sending_ahead():
        insert_rows(
            texts.model, COLUMNS, [(lamp.pk, code, code, code * 9000, [], []) for code in ("de", "fr")]
        )
        insert_rows(texts.model, COLUMNS, [(lamp.pk, "it", "Lampada", "", [], [])])
        inside = texts.filter(product=lamp).count()

    assert inside == texts.filter(product=lamp).count() == 3


def test_row_that_is_refused_undoes_all_and_says_why(texts):
    lamp = factories.make_single("Lamp")
    twice = [(lamp.pk, "de", "Lampe", "", [], [])] * 2

    with pytest.raises(IntegrityError, match="markets_producttext"), transaction.atomic(), sending_ahead():
        insert_rows(texts.model, COLUMNS, [(lamp.pk, "fr", "Lampe", "", [], [])])
        insert_rows(texts.model, COLUMNS, twice)
        insert_rows(texts.model, COLUMNS, [(lamp.pk, "it", "Lampada", "", [], [])])

    assert not texts.filter(product=lamp).exists()
    factories.make_single("Chair")  # the connection goes on


def test_rows_on_their_way_are_lost_with_what_failed_beside_them(texts):
    lamp = factories.make_single("Lamp")

    with pytest.raises(RuntimeError), transaction.atomic(), sending_ahead():
        insert_rows(texts.model, COLUMNS, [(lamp.pk, "fr", "Lampe", "", [], [])])
        raise RuntimeError

    assert not texts.filter(product=lamp).exists()


def test_database_is_told_how_large_its_tables_have_become():
    factories.make_single("Lamp")

    refresh_table_statistics()

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'catalogue_product'")
        assert cursor.fetchone() == (1,)
