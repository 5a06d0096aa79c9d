"""Search by PostgreSQL: a stored tsvector under a GIN index, and pg_trgm for words that look alike.

To rank all that a common word finds takes as long as there are products. So the shortest documents are looked at first.
Where enough of them have the words, not all are ranked but twice as many as are asked for: the shortest that have the
words in their titles and, where those are too few, the shortest that have them anywhere.
"""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

CANDIDATES_READ = 200
LOOKED_AT_FIRST = 60  # documents: do they say that the words are common?
COMMON_FROM = 15  # of them; fewer where fewer are asked for: one in four or in twenty is read soon enough
_DOCUMENT = "storefront_search_searchdocument"
# The 1: ts_rank divides by 1 + the logarithm of the document's length; of many words, one says less.
_RANK = "ts_rank(vector, to_tsquery('simple', %(query)s), 1)"
# The index has a document's language as one of its words; an empty query would find all of a language.
_IN_LANGUAGE = (
    "|| array_to_tsvector(ARRAY['lang:' || language]) @@ (to_tsquery('simple', %(query)s) && %(lang)s::tsquery)"
    " AND numnode(to_tsquery('simple', %(query)s)) > 0"
)
_FIND = f"""
    SELECT ARRAY(
        SELECT product_id FROM {_DOCUMENT} WHERE vector {_IN_LANGUAGE}
        ORDER BY {_RANK} DESC, product_id LIMIT %(limit)s
    )
"""  # noqa: S608
# Each document is fetched by its key: PostgreSQL would rather read and sort them all than in the index's order.
_SHORTEST_FIRST = f"""
    SELECT product_id, length, vector FROM (
        SELECT product_id, length FROM {_DOCUMENT} WHERE language = %(language)s
        ORDER BY length, product_id LIMIT {{most}}
    ) AS shortest CROSS JOIN LATERAL (
        SELECT vector FROM {_DOCUMENT}
        WHERE product_id = shortest.product_id AND language = %(language)s OFFSET 0
    ) AS document
"""  # noqa: S608
_COUNT = f"""
    SELECT count(*) FILTER (WHERE vector @@ to_tsquery('simple', %(in_title)s)),
        count(*) FILTER (WHERE vector @@ to_tsquery('simple', %(query)s))
    FROM ({_SHORTEST_FIRST.format(most=LOOKED_AT_FIRST)}) AS first
"""  # noqa: S608
_RANKED = (
    f"SELECT product_id, {_RANK} AS rank FROM ({{}} ORDER BY length, product_id LIMIT %(candidates)s) AS d"  # noqa: S608
)
_IN_TITLES = _RANKED.format(
    f"{_SHORTEST_FIRST.format(most='%(most)s')} WHERE vector @@ to_tsquery('simple', %(in_title)s)"
)
_TITLES = f"""
    SELECT product_id, length, vector FROM {_DOCUMENT}
    WHERE to_tsvector('simple'::regconfig, title_terms) {_IN_LANGUAGE}
"""  # noqa: S608
_ANYWHERE = f"""
    WITH titled AS MATERIALIZED ({_RANKED.format(_TITLES)})
    SELECT * FROM titled UNION
    {
    _RANKED.format(
        f"{_SHORTEST_FIRST.format(most='%(most)s')} WHERE vector @@ to_tsquery('simple', %(query)s)"
        " AND (SELECT count(*) FROM titled) < %(candidates)s"
    )
}
"""  # noqa: S608
_FIND_AMONG = """
    WITH candidate AS MATERIALIZED ({})
    SELECT (SELECT count(*) FROM candidate),
        ARRAY(SELECT product_id FROM candidate ORDER BY rank DESC, product_id LIMIT %(limit)s)
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
        """Return the products that have a stem of every group, the best first; of common words see above."""
        asked = {
            "query": _write(groups),
            "in_title": _write(groups, weight=":A"),
            "language": language,
            "lang": _quote(f"lang:{language}"),
            "limit": limit,
            "candidates": 2 * limit,
        }
        with connection.cursor() as cursor:
            found = _find_common(cursor, asked)
            if found is None:
                cursor.execute(_FIND, asked)
                found = cursor.fetchone()[0]
            return list(found)

    def similar_words(self, word: str, *, language: str, mistakes: int) -> list[str]:
        """Return words of about this length that share enough groups of three letters with `word`."""
        length = len(word)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', '0.15', false)")
            cursor.execute(
                _SIMILAR, [language, word, length - mistakes, length + mistakes, word, CANDIDATES_READ]
            )
            return [row[0] for row in cursor.fetchall()]


def _find_common(cursor: CursorWrapper, asked: dict[str, Any]) -> list[int] | None:
    """Return what is found of common words, None where all that have the words must be ranked.

    The shortest documents may differ from the others: no more are read than twice as many as these let expect.
    """
    cursor.execute(_COUNT, asked)
    in_title, anywhere = cursor.fetchone()
    candidates = asked["candidates"]
    least = min(COMMON_FROM, max(1, candidates // 16))
    if anywhere < least:
        return None
    statement, count = (_IN_TITLES, in_title) if in_title >= least else (_ANYWHERE, anywhere)
    most = 2 * candidates * LOOKED_AT_FIRST // count
    cursor.execute(_FIND_AMONG.format(statement), {**asked, "most": most})
    found, ids = cursor.fetchone()
    return ids if found >= candidates else None


def _write(groups: list[list[str]], *, weight: str = "") -> str:
    """Return the query that asks for a stem of every group, with a weight for where it is."""
    return " & ".join(f"({' | '.join(_quote(stem) + weight for stem in group)})" for group in groups)


def _quote(stem: str) -> str:
    return "'" + stem.replace("\\", "").replace("'", "''") + "'"
