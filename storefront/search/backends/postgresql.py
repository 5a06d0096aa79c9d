"""Search by PostgreSQL: a stored tsvector under a GIN index, and pg_trgm for words that look alike.

To rank all that a common word finds takes as long as there are products. So the shortest documents are looked at first.
Where enough of them have the words, not all are ranked but twice as many as are asked for: the shortest that have the
words in their titles and, where those are too few, the shortest that have them anywhere.
"""

from django.db import connection

CANDIDATES_READ = 200
LOOKED_AT_FIRST = 60  # documents: do they say that the words are common?
COMMON_FROM = 15  # of them; fewer where fewer are asked for: one in four or in twenty is read soon enough
_ALL = 1_000_000_000
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
_TITLES_IN_ORDER = f"""
    {_SHORTEST_FIRST.format(most=_ALL)}
    WHERE vector @@ to_tsquery('simple', %(in_title)s)
"""
_TITLES_BY_INDEX = f"""
    SELECT product_id, length, vector FROM {_DOCUMENT}
    WHERE to_tsvector('simple'::regconfig, title_terms) {_IN_LANGUAGE}
"""  # noqa: S608
_FIND_COMMON = f"""
    SELECT ARRAY(
        WITH titled AS MATERIALIZED (
            SELECT product_id, {_RANK} AS rank
            FROM ({{titles}} ORDER BY length, product_id LIMIT %(candidates)s) AS document
        )
        SELECT product_id FROM (
            SELECT * FROM titled
            UNION SELECT product_id, {_RANK}
            FROM (
                {_SHORTEST_FIRST.format(most=_ALL)}
                WHERE vector @@ to_tsquery('simple', %(query)s)
                    AND (SELECT count(*) FROM titled) < %(candidates)s
                ORDER BY length, product_id LIMIT %(candidates)s
            ) AS document
        ) AS candidate
        ORDER BY rank DESC, product_id LIMIT %(limit)s
    )
"""  # noqa: S608
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
            cursor.execute(_COUNT, asked)
            least = min(COMMON_FROM, max(1, asked["candidates"] // 16))
            in_title, anywhere = (count >= least for count in cursor.fetchone())
            statement = _FIND
            if anywhere:
                statement = _FIND_COMMON.format(titles=_TITLES_IN_ORDER if in_title else _TITLES_BY_INDEX)
            cursor.execute(statement, asked)
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


def _write(groups: list[list[str]], *, weight: str = "") -> str:
    """Return the query that asks for a stem of every group, with a weight for where it is."""
    return " & ".join(f"({' | '.join(_quote(stem) + weight for stem in group)})" for group in groups)


def _quote(stem: str) -> str:
    return "'" + stem.replace("\\", "").replace("'", "''") + "'"
