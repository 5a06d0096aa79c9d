"""What writing a batch replaced, row by row, and putting it back where nothing was changed since.

A journal is plain JSON: `rows` are [table, key, before, after] with None for a row that is not there, `noted` the SKUs
of listings that were new (the plan knows what was noted), `created` are SKU -> product, `prices` [product, {field:
[before, after]}], `made` the classes and categories that were new.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max
from oscar.core.loading import get_model

from catalog_import.among import among
from catalog_import.known import Snapshot
from catalog_import.oscar_catalogue.bulk import refresh_statistics
from catalog_import.oscar_catalogue.rows import noted_row, rewrite_captions
from catalog_import.plan import Entry, Withdrawal

Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]
_MADE = ("ProductClass", "Category", "CategoryText")
_PART = 1000
_PRICES = ("market_price", "market_sale")


@dataclass(frozen=True)
class _Table:
    """One table: its model, the columns that name a row, those that a run may change; how to find a product's rows."""

    model: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    by: str = "product_id"


_TABLES = {
    "product": _Table(
        "catalogue.Product",
        ("id",),
        ("structure", "title", "slug", "description", "upc", "is_public", "product_class_id", "parent_id"),
        by="id",
    ),
    "stock": _Table(
        "partner.StockRecord",
        ("product_id", "partner_id"),
        ("partner_sku", "price_currency", "price", "num_in_stock"),
    ),
    "attribute": _Table("catalogue.ProductAttributeValue", ("product_id", "attribute_id"), ("value_text",)),
    "category": _Table("catalogue.ProductCategory", ("product_id", "category_id"), ()),
    "text": _Table(
        "markets.ProductText",
        ("product_id", "language"),
        ("title", "description", "bullet_points", "specifications"),
    ),
    "option": _Table("markets.OptionText", ("product_id", "language", "axis"), ("label", "value")),
    "listing": _Table(
        "catalog_import.AmazonListing",
        ("marketplace", "sku"),
        ("product_id", "is_primary", "asin", "imported"),
        by="sku",
    ),
}


@dataclass
class Journal:
    """Watches one batch being written: made before it, closed after it."""

    marketplace: str
    product_ids: Collection[int]
    skus: Collection[str]
    _before: Rows = field(init=False)
    _highest: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._before = _take(self.marketplace, self.product_ids, self.skus)
        self._highest = {name: _highest_id(name) for name in _MADE}

    def close(
        self, *, ids: Mapping[str, int], entries: Sequence[Entry], withdrawals: Sequence[Withdrawal]
    ) -> dict[str, Any]:
        """Return the journal of what was written since."""
        new = sorted(set(self.skus) - {json.loads(key)[1] for key in self._before["listing"]})
        after = _take(self.marketplace, self.product_ids, set(self.skus).difference(new))
        rows = [
            [name, key, self._before[name].get(key), after[name].get(key)]
            for name in _TABLES
            for key in {**self._before[name], **after[name]}
            if self._before[name].get(key) != after[name].get(key)
        ]
        changed = [(entry.product_id, entry) for entry in entries if entry.product_id is not None]
        prices = [
            [
                pk,
                {
                    name: [each.before.get(name), each.changes[name]]
                    for name in _PRICES
                    if name in each.changes
                },
            ]
            for pk, each in [*changed, *((each.product_id, each) for each in withdrawals)]
        ]
        made = {
            name: list(
                _model(name).objects.filter(pk__gt=highest).order_by("pk").values_list("pk", flat=True)
            )
            for name, highest in self._highest.items()
        }
        return {
            "rows": rows,
            "noted": new,
            "created": {entry.sku: ids[entry.sku] for entry in entries if entry.product_id is None},
            "prices": [pair for pair in prices if pair[1]],
            "made": made,
        }


def refresh_table_statistics() -> None:
    """Have the database know how large the tables are that an import writes."""
    refresh_statistics(apps.get_model(table.model) for table in _TABLES.values())


def _take(marketplace: str, product_ids: Collection[int], skus: Collection[str]) -> Rows:
    rows: Rows = {}
    for name, table in _TABLES.items():
        looked_for = skus if name == "listing" else product_ids
        found = among(apps.get_model(table.model).objects, table.by, looked_for)
        if name == "listing":
            found = found.filter(marketplace=marketplace)
        columns = [*table.key, *table.columns]
        rows[name] = {}
        for values in _as_json(list(found.order_by().values(*columns))):
            key = json.dumps([values.pop(column) for column in table.key])
            rows[name][key] = values
    return rows


def new_listings(
    journal: dict[str, Any], entries: Sequence[Entry], *, marketplace: str
) -> Iterator[list[Any]]:
    """Yield the rows of the listings that were new, as they were written."""
    noted = set(journal.get("noted", ()))
    for entry in entries:
        product_id = entry.product_id or journal["created"][entry.sku]
        for note in entry.notes:
            if note.sku in noted:
                yield ["listing", json.dumps([marketplace, note.sku]), None, noted_row(note, product_id)]


def restore_rows(journal: dict[str, Any], *, marketplace: str) -> list[tuple[str, str]]:
    """Put back every value that is still the run's; return (SKU or product, field) of those that are not."""
    changed: list[tuple[str, str]] = []
    by_table: dict[str, list[list[Any]]] = {}
    for row in journal["rows"]:
        by_table.setdefault(row[0], []).append(row)
    ids = {json.loads(key)[0] for name, key, *_ in journal["rows"] if name not in ("listing",)}
    skus = {json.loads(key)[1] for name, key, *_ in journal["rows"] if name == "listing"}
    now = _take(marketplace, ids, skus)
    for name in _TABLES:
        for _table, key, before, after in by_table.get(name, ()):
            changed += [
                (_name(name, key), column)
                for column in _restore(name, key, before, after, now[name].get(key))
            ]
    return changed


def _restore(name: str, key: str, before: Row | None, after: Row | None, now: Row | None) -> list[str]:
    """Put one row back; return the columns that somebody changed since."""
    table, values = _TABLES[name], json.loads(key)
    rows = apps.get_model(table.model).objects.filter(**dict(zip(table.key, values, strict=True)))
    if after is None:  # the run removed it
        if now is None:
            rows.create(**dict(zip(table.key, values, strict=True)), **(before or {}))
        return []
    if now is None:
        return [] if before is None else [name]
    if before is None:  # the run made it
        if now == after:
            rows.delete()
            return []
        return [name]
    back = {column: before[column] for column in before if before[column] != after[column] == now[column]}
    if back:
        rows.update(**back)
        if name == "product" and "title" in back:
            rewrite_captions({values[0]: after["title"][:200]}, titles={values[0]: before["title"]})
    return [column for column in before if before[column] != after[column] != now[column]]


def prices_to_restore(
    journal: dict[str, Any], snapshot: Snapshot
) -> tuple[list[tuple[int, Row]], list[tuple[str, str]]]:
    """Return the market prices to set again, and those that were changed since."""
    back: list[tuple[int, Row]] = []
    changed: list[tuple[str, str]] = []
    for product_id, fields in journal["prices"]:
        product = snapshot.products.get(product_id)
        if product is None:
            continue
        values: Row = {}
        for name, (before, after) in fields.items():
            if _amount(product.values.get(name)) == _amount(after):
                values[name] = before
            else:
                changed.append((str(product.values.get("sku") or product_id), name))
        if values:
            back.append((product_id, values))
    return back, changed


def existing_ids(product_ids: Sequence[int]) -> Iterator[int]:
    """Yield those of the products that are still there."""
    products = get_model("catalogue", "Product").objects.order_by("pk")
    for start in range(0, len(product_ids), _PART):
        part = product_ids[start : start + _PART]
        yield from products.filter(pk__in=part).values_list("pk", flat=True)


def remove_made(made: Mapping[str, Sequence[int]]) -> None:
    """Remove categories, their names and product types that a run made, where nothing is in them now."""
    Category = get_model("catalogue", "Category")
    for category in Category.objects.filter(pk__in=made.get("Category", ())).order_by("-depth", "-pk"):
        category.refresh_from_db()
        if category.is_leaf() and not category.product_set.exists():
            category.delete()
    names = apps.get_model("markets", "CategoryText").objects.filter(pk__in=made.get("CategoryText", ()))
    names.filter(category__code__startswith="amazon-").delete()
    classes = get_model("catalogue", "ProductClass").objects.filter(pk__in=made.get("ProductClass", ()))
    classes.filter(products=None).delete()


def _amount(price: Any) -> Any:
    return price.get("amount") if isinstance(price, dict) else price


def _name(table: str, key: str) -> str:
    values = json.loads(key)
    return str(values[1] if table == "listing" else values[0])


def _highest_id(name: str) -> int:
    return _model(name).objects.aggregate(highest=Max("pk"))["highest"] or 0


def _model(name: str) -> Any:
    return apps.get_model("markets", name) if name == "CategoryText" else get_model("catalogue", name)


def _as_json(rows: list[Row]) -> list[Row]:
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
