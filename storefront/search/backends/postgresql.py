"""Search by PostgreSQL: a stored tsvector under a GIN index, and pg_trgm for words that look alike."""

from django.db import connection

CANDIDATES_READ = 200
# The 1: ts_rank divides by 1 + the logarithm of the document's length; of many words, one says less. The index has a
# document's language as one of its words; an empty query would find all of a language.
_FIND = """
    SELECT ARRAY(
        SELECT document.product_id
        FROM storefront_search_searchdocument AS document, to_tsquery('simple', %s) AS query
        WHERE document.vector || array_to_tsvector(ARRAY['lang:' || document.language]) @@ (query && %s::tsquery)
            AND numnode(query) > 0
        ORDER BY ts_rank(document.vector, query, 1) DESC, document.product_id
        LIMIT %s
    )
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
            cursor.execute(_FIND, [query, _quote(f"lang:{language}"), limit])
            return list(cursor.fetchone()[0])

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
