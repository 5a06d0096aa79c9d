"""Search by PostgreSQL: a stored tsvector under a GIN index, and pg_trgm for words that look alike."""

from django.db import connection

CANDIDATES_READ = 200
# The 1: ts_rank divides by 1 + the logarithm of the document's length; of many words, one says less.
_FIND = """
    SELECT document.product_id
    FROM storefront_search_searchdocument AS document, to_tsquery('simple', %s) AS query
    WHERE document.vector @@ query AND document.language = %s
    ORDER BY ts_rank(document.vector, query, 1) DESC, document.product_id
    LIMIT %s
"""
_SIMILAR = """
    SELECT word FROM storefront_search_searchword
    WHERE language = %s AND word %% %s AND length BETWEEN %s AND %s
    ORDER BY similarity(word, %s) DESC, word
    LIMIT %s
"""


class PostgresqlBackend:
    """For production."""

    def find(self, groups: list[list[str]], *, language: str, limit: int) -> list[int]:
        """Return the products that have a stem of every group, the best first."""
        query = " & ".join(f"({' | '.join(_quote(stem) for stem in group)})" for group in groups)
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [query, language, limit])
            return [row[0] for row in cursor.fetchall()]

    def similar_words(self, word: str, *, language: str, mistakes: int) -> list[str]:
        """Return words of about this length that share enough groups of three letters with `word`."""
        length = len(word)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', '0.15', false)")
            cursor.execute(
                _SIMILAR, [language, word, length - mistakes, length + mistakes, word, CANDIDATES_READ]
            )
            return [row[0] for row in cursor.fetchall()]


def _quote(stem: str) -> str:
    return "'" + stem.replace("\\", "").replace("'", "''") + "'"
