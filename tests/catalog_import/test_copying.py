"""Rows that PostgreSQL gets while the next ones are made: in order, seen by what comes after, all or none."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from catalog_import.oscar_catalogue.bulk import insert_rows
from catalog_import.oscar_catalogue.copying import sending_ahead
from catalog_import.oscar_catalogue.journal import refresh_table_statistics
from tests.catalogue import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
COLUMNS = ("product", "language", "title", "description", "bullet_points", "specifications")


@pytest.fixture
def texts():
    return apps.get_model("markets", "ProductText").objects


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
