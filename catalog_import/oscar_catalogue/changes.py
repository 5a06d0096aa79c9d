"""Each product's version: triggers give it another one once anything of the product changes, whoever changes it.

A digest of an import holds for the version that the product had before the import looked, so nothing has to be taken
back when it changes. A version is the numbers of the product's rows in `ProductChange`: a change puts a row of its own
in the place of those it finds, and passes over those that another change is replacing just now. Nobody waits here, and
no two changes leave the same version, whichever is committed first.

Pictures, which an import does not compare, do not count, and neither does stock: it is sold, and a sale is to touch
nothing of the import's. The triggers are put back after every migration, as SQLite drops those of a table it rebuilds.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from catalog_import.among import among
from catalog_import.models import ProductChange
from catalog_import.oscar_catalogue.bulk import insert_rows, reserve_ids
from storefront.core.triggers import write_trigger

CHANGES = "catalog_import_productchange"
_WATCHED = {
    "catalogue_product": "id",
    "partner_stockrecord": "product_id",
    "catalogue_productattributevalue": "product_id",
    "catalogue_productcategory": "product_id",
    "markets_producttext": "product_id",
    "markets_optiontext": "product_id",
    "markets_marketprice": "product_id",
    "catalog_import_amazonlisting": "product_id",
}
_UPDATES = {"catalog_import_amazonlisting": "update of product_id, is_primary, imported"}
_DECIDED = (
    "price",
    "price_currency",
    "partner_sku",
    "partner_id",
)  # of a stock record, beside what is in stock
_NO_PRODUCT = 0  # a row of it, which only its own transaction sees, has that transaction's changes not noted
_IS_NOTED_APART = f"EXISTS (SELECT 1 FROM {CHANGES} WHERE product_id = {_NO_PRODUCT})"  # noqa: S608


def install_triggers(database: BaseDatabaseWrapper) -> None:
    """Put the triggers on every watched table that exists; those there already are replaced."""
    tables = set(database.introspection.table_names())
    if CHANGES not in tables:
        return
    with database.cursor() as cursor:
        for table, column in _WATCHED.items():
            if table in tables:
                for statement in _write(table, column, database.vendor):
                    cursor.execute(statement)


def read_versions(product_ids: Collection[int]) -> dict[int, str]:
    """Return the versions of those products that were ever changed; ask before looking at the products."""
    return _name_versions(
        among(ProductChange.objects, "product_id", product_ids).order_by().values_list("id", "product_id")
    )


def change_versions(product_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Note that this transaction changes products; return the versions that each had and has.

    It has that one only if nobody else changes it before the transaction ends.
    """
    rows = among(ProductChange.objects.select_for_update(skip_locked=True), "product_id", product_ids)
    found = list(rows.order_by().values_list("id", "product_id"))
    among(ProductChange.objects, "id", [key for key, _ in found]).order_by().delete()
    new = list(zip(reserve_ids(ProductChange, len(product_ids)), product_ids, strict=True))
    insert_rows(ProductChange, ("id", "product_id"), new)
    before, after = _name_versions(found), _name_versions(new)
    return {product_id: (before.get(product_id, ""), after[product_id]) for product_id in product_ids}


@contextmanager
def noted_apart() -> Iterator[None]:
    """Have the triggers pass over what this transaction changes: it notes that itself, by `change_versions`."""
    mark = ProductChange.objects.create(product_id=_NO_PRODUCT)
    yield
    mark.delete()


def _name_versions(rows: Iterable[tuple[int, int]]) -> dict[int, str]:
    versions: dict[int, str] = {}
    for key, product_id in sorted(rows):
        versions[product_id] = f"{versions[product_id]},{key}" if product_id in versions else str(key)
    return versions


def _write(table: str, column: str, vendor: str) -> Iterator[str]:
    for event in ("insert", "update", "delete"):
        if (table, event) == ("catalogue_product", "insert"):
            continue  # nobody has looked at it yet
        is_postgresql = vendor == "postgresql"
        is_of_many = is_postgresql and event == "insert"  # often thousands
        row = "OLD" if event == "delete" else "NEW"
        its = f"IN (SELECT {column} FROM written)" if is_of_many else f"= {row}.{column}"  # noqa: S608
        old = f"SELECT id FROM {CHANGES} WHERE product_id {its}"  # noqa: S608
        does = [f"DELETE FROM {CHANGES} WHERE id IN ({old}{' FOR UPDATE SKIP LOCKED' * is_postgresql})"]  # noqa: S608
        if (table, event) != ("catalogue_product", "delete"):
            many = f"SELECT DISTINCT {column} FROM written WHERE {column} IS NOT NULL"  # noqa: S608
            one = f"SELECT {row}.{column} WHERE {row}.{column} IS NOT NULL"
            does.append(f"INSERT INTO {CHANGES} (product_id) {many if is_of_many else one}")
        conditions = []
        if (table, event) == ("partner_stockrecord", "update"):
            distinct = "DISTINCT FROM" if is_postgresql else "NOT"
            conditions.append(" OR ".join(f"NEW.{name} IS {distinct} OLD.{name}" for name in _DECIDED))
        if is_postgresql:  # a condition of a trigger may not ask a table there
            does.insert(0, f"IF {_IS_NOTED_APART} THEN RETURN NULL; END IF")
        else:
            conditions.append(f"NOT {_IS_NOTED_APART}")
        yield from write_trigger(
            vendor,
            name=f"catalog_import_{table}_{event}",
            table=table,
            event=_UPDATES.get(table, event) if event == "update" else event,
            does=does,
            when=" AND ".join(f"({condition})" for condition in conditions),
            is_of_many=is_of_many,
            # A few products are looked up among all: never by reading these from end to end.
            settings=" SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off",
        )
