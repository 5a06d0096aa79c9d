"""Triggers that forget the digest of a product's listings once anything of the product changes, whoever changes it.

An import leaves products alone whose digests are there: nothing of them was changed since, neither in the files nor
in the shop. It writes digests last, and only over those, or over marks, that were there before it looked. Pictures,
which it does not compare, do not count, and neither does stock: it is sold, and a sale is to touch nothing of the
import's. Nobody waits here: a listing that an import is writing is passed over. The triggers are put back after every
migration, as SQLite drops those of a table it rebuilds.
"""

from collections.abc import Iterator
from time import monotonic, sleep

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from storefront.core.triggers import write_trigger

LISTINGS = "catalog_import_amazonlisting"
_WATCHED = {
    "catalogue_product": "id",
    "partner_stockrecord": "product_id",
    "catalogue_productattributevalue": "product_id",
    "catalogue_productcategory": "product_id",
    "markets_producttext": "product_id",
    "markets_optiontext": "product_id",
    "markets_marketprice": "product_id",
}
_DECIDED = (
    "price",
    "price_currency",
    "partner_sku",
    "partner_id",
)  # of a stock record, beside what is in stock
_PATIENCE_SECONDS = 0.3
_WRITING = (
    "SELECT virtualtransaction FROM pg_locks WHERE relation = ANY(%s::regclass[])"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
)
_FORGET = f"UPDATE {LISTINGS} SET digest = '' WHERE"  # noqa: S608


def install_triggers(database: BaseDatabaseWrapper) -> None:
    """Put the triggers on every watched table that exists; those there already are replaced."""
    tables = set(database.introspection.table_names())
    if LISTINGS not in tables:
        return
    with database.cursor() as cursor:
        for table, column in _WATCHED.items():
            if table in tables:
                for statement in _write(table, column, database.vendor):
                    cursor.execute(statement)


def wait_for_changes() -> bool:
    """Wait for the changes of products that others have begun and not committed yet; return whether all came to an end.

    Their triggers may have run before there was anything to forget. On SQLite nobody else is writing after a write.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:

        def find() -> set[str]:
            cursor.execute(_WRITING, [list(_WATCHED)])
            return {row[0] for row in cursor.fetchall()}

        begun = find()
        until = monotonic() + _PATIENCE_SECONDS
        while begun and monotonic() < until:
            sleep(0.01)
            begun &= find()
    return not begun


def _events(table: str) -> Iterator[tuple[str, str]]:
    """Yield (event, the row it is about); a new product has no listings yet, and a deleted one none any more."""
    yield "update", "NEW"
    if table != "catalogue_product":
        yield "insert", "NEW"
        yield "delete", "OLD"


def _write(table: str, column: str, vendor: str) -> Iterator[str]:
    is_postgresql = vendor == "postgresql"
    for event, row in _events(table):
        is_of_many = is_postgresql and event == "insert"  # often thousands
        its = f"IN (SELECT {column} FROM written)" if is_of_many else f"= {row}.{column}"  # noqa: S608
        which = f"digest <> '' AND product_id {its}"
        if is_postgresql:
            which = f"id IN (SELECT id FROM {LISTINGS} WHERE {which} FOR UPDATE SKIP LOCKED)"  # noqa: S608
        distinct = "DISTINCT FROM" if is_postgresql else "NOT"
        decided = " OR ".join(f"NEW.{name} IS {distinct} OLD.{name}" for name in _DECIDED)
        yield from write_trigger(
            vendor,
            name=f"catalog_import_{table}_{event}",
            table=table,
            event=event,
            does=[f"{_FORGET} {which}"],
            when=decided if (table, event) == ("partner_stockrecord", "update") else "",
            is_of_many=is_of_many,
            # A few products are looked up among all listings: never by reading these from end to end.
            settings=" SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off",
        )
