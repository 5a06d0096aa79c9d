"""Search by SQLite's FTS5: the index is joined once, ordered, cut."""

from django.db import connection
from django.db.models import Q

from storefront.search.models import SearchWord

CANDIDATES_READ = 3000
_FIND = """
    SELECT document.product_id
    FROM storefront_search_fts
    JOIN storefront_search_searchdocument AS document ON document.id = storefront_search_fts.rowid
    WHERE storefront_search_fts MATCH %s AND document.language = %s
    ORDER BY bm25(storefront_search_fts, 10.0, 1.0, 5.0), document.product_id
    LIMIT %s
"""


class SqliteBackend:
    """The embedded default."""

    def find(self, groups: list[list[str]], *, language: str, limit: int) -> list[int]:
        """Return the products that have a stem of every group, the best first."""
        query = " AND ".join(f"({' OR '.join(_quote(stem) for stem in group)})" for group in groups)
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [query, language, limit])
            return [row[0] for row in cursor.fetchall()]

    def similar_words(self, word: str, *, language: str, mistakes: int) -> list[str]:
        """Return words of about this length that begin or end as `word` does."""
        words = SearchWord.objects.filter(
            Q(word__startswith=word[:1]) | Q(word__endswith=word[-2:]),
            language=language,
            length__range=(len(word) - mistakes, len(word) + mistakes),
        )
        return list(words.order_by("word").values_list("word", flat=True)[:CANDIDATES_READ])


def _quote(stem: str) -> str:
    return '"' + stem.replace('"', '""') + '"'
