"""Triggers that write down each change of what shoppers see, in the transaction that makes it.

Every way to write is caught: the back office, an import's bulk writes, a sale that takes stock, SQL by hand. They
are put back after every migration, as SQLite drops the triggers of a table it rebuilds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

_STOCK_FLIPS = (
    "NEW.price IS {distinct} OLD.price OR NEW.price_currency IS {distinct} OLD.price_currency OR"
    " NEW.partner_sku IS {distinct} OLD.partner_sku OR"
    " (COALESCE(NEW.num_in_stock, 0) > COALESCE(NEW.num_allocated, 0)) <>"
    " (COALESCE(OLD.num_in_stock, 0) > COALESCE(OLD.num_allocated, 0))"
)


@dataclass(frozen=True)
class Watched:
    """A table; `products` are its columns that name products, none where any page may show it.

    `is_on_lists` is the condition that a change of a row shows on lists of other products too.
    """

    table: str
    products: tuple[str, ...] = ()
    is_on_lists: str = ""


WATCHED = (
    Watched("catalogue_product", ("id", "parent_id")),
    Watched("catalogue_productattributevalue", ("product_id",)),
    Watched("catalogue_productcategory", ("product_id",)),
    Watched("catalogue_productimage", ("product_id",)),
    Watched("partner_stockrecord", ("product_id",), _STOCK_FLIPS),
    Watched("markets_producttext", ("product_id",)),
    Watched("markets_optiontext", ("product_id",)),
    Watched("markets_marketprice", ("product_id",)),
    Watched("markets_marketblock", ("product_id",)),
    Watched("reviews_productreview", ("product_id",)),
    Watched("catalogue_category"),
    Watched("markets_categorytext"),
    Watched("markets_market"),
    Watched("wagtailcore_page"),
    Watched("wagtailcore_site"),
)


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every watched table that exists; those there already are replaced."""
    tables = set(connection.introspection.table_names())
    if "storefront_search_cataloguechange" not in tables:
        return
    write = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for watched in WATCHED:
            if watched.table in tables:
                for statement in write(watched):
                    cursor.execute(statement)


def _sqlite(watched: Watched) -> Iterator[str]:
    for event in ("insert", "update", "delete"):
        name = f"storefront_search_{watched.table}_{event}"
        body = "".join(f" {insert};" for insert in _inserts(watched, event, distinct="NOT"))
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event.upper()} ON {watched.table} BEGIN{body} END"


def _postgresql(watched: Watched) -> Iterator[str]:
    for event in ("insert", "update", "delete"):
        name = f"storefront_search_{watched.table}_{event}"
        body = "".join(f" {insert};" for insert in _inserts(watched, event, distinct="DISTINCT FROM"))
        yield f"DROP TRIGGER IF EXISTS {name} ON {watched.table}"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN{body} RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {watched.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _inserts(watched: Watched, event: str, *, distinct: str) -> Iterator[str]:
    """Return the statements that write a change: of the row as it was, where a product lost it, and as it is."""
    is_on_lists = "true"
    if watched.is_on_lists and event == "update":
        is_on_lists = f"({watched.is_on_lists.format(distinct=distinct)})"
    rows = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}[event]
    into = "INSERT INTO storefront_search_cataloguechange (product_id, is_on_lists, at, is_indexed)"
    if not watched.products:
        yield f"{into} VALUES (NULL, true, CURRENT_TIMESTAMP, false)"
        return
    for column in watched.products:
        for row in rows:
            condition = f"{row}.{column} IS NOT NULL"
            if event == "update" and row == "OLD":
                condition += f" AND OLD.{column} IS {distinct} NEW.{column}"
            yield (f"{into} SELECT {row}.{column}, {is_on_lists}, CURRENT_TIMESTAMP, false WHERE {condition}")
