"""A connection that is kept between requests."""

import pytest
from django.db import connection

from storefront.postgresql.base import DatabaseWrapper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def kept():
    """Return a connection of its own, as a request leaves it."""
    settings = {**connection.settings_dict, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    made = DatabaseWrapper(settings, alias="kept")
    made.ensure_connection()
    yield made
    made.close()


def _begin_request(kept):
    kept.health_check_enabled, kept.health_check_done = True, False


def _ask(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_connection_that_stands_is_taken_without_a_question(kept, monkeypatch):
    first = _ask(kept)
    _begin_request(kept)
    monkeypatch.setattr(kept, "is_usable", lambda: pytest.fail("The server was asked."))

    assert _ask(kept) == first


def test_connection_that_the_server_ended_is_made_anew(kept):
    first = _ask(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    _begin_request(kept)

    assert _ask(kept) != first


def test_connection_that_was_closed_here_is_made_anew(kept):
    first = _ask(kept)
    kept.connection.close()
    _begin_request(kept)

    assert _ask(kept) != first
