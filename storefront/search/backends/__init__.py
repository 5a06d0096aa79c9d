"""Where the words are looked up: SQLite's FTS5 or PostgreSQL's full-text search, by the database or by setting."""

from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

_BACKENDS = {
    "sqlite": "storefront.search.backends.sqlite.SqliteBackend",
    "postgresql": "storefront.search.backends.postgresql.PostgresqlBackend",
}


class SearchBackend(Protocol):
    """Groups are ANDed, the stems of a group ORed."""

    def find(self, groups: list[list[str]], *, language: str, limit: int) -> list[int]:
        """Return the products that have a stem of every group, the best first."""

    def similar_words(self, word: str, *, language: str, mistakes: int) -> list[str]:
        """Return words of the language that look like `word`, some hundreds at most."""


def get_backend() -> SearchBackend:
    """Return the backend that STOREFRONT_SEARCH_BACKEND names, else the one of the database."""
    path = getattr(settings, "STOREFRONT_SEARCH_BACKEND", "") or _BACKENDS[connection.vendor]
    return _load(path)


@lru_cache
def _load(path: str) -> SearchBackend:
    return import_string(path)()
