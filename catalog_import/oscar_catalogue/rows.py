"""What hangs on a product: stock, attribute values, categories, texts and listing notes, a batch at a time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.among import among
from catalog_import.drafts import Json
from catalog_import.known import KnownListing
from catalog_import.marketplaces import Marketplace
from catalog_import.models import AmazonListing
from catalog_import.oscar_catalogue.bulk import Rows, insert_rows, last_of_each, update_rows, upsert_rows
from catalog_import.plan import Entry, ListingNote
from catalog_import.product_types import name_axis

Ids = Mapping[str, int]  # product by SKU

_STOCK_COLUMNS = (
    "product", "partner", "partner_sku", "price_currency", "price", "num_in_stock", "date_created", "date_updated",
)  # fmt: skip
_LISTING_COLUMNS = ("marketplace", "sku", "product", "is_primary", "asin", "imported", "digest")
_TEXT_COLUMN_OF_FIELD = {
    "text_title": "title",
    "text_description": "description",
    "bullet_points": "bullet_points",
    "specifications": "specifications",
}
_TEXT_FIELDS = frozenset(_TEXT_COLUMN_OF_FIELD)
_TEXT_COLUMNS = tuple(_TEXT_COLUMN_OF_FIELD.values())


def write_stock(entries: Sequence[Entry], *, ids: Ids, partner_id: int, currency: str) -> None:
    """Give every new product its stock record, and changed ones their price and count.

    `currency` is that of the shop's default market, the only one the records' own prices are for.
    """
    StockRecord = get_model("partner", "StockRecord")
    touched = [
        entry
        for entry in entries
        if not entry.is_parent
        and (entry.product_id is None or {"stock_price", "stock", "sku"} & entry.changes.keys())
    ]
    known_ids = [entry.product_id for entry in touched if entry.product_id is not None]
    found = _find_records(known_ids, partner_id) if known_ids else {}
    now = timezone.now()
    new: list[tuple[Any, ...]] = []
    for entry in touched:
        changes = entry.changes
        record = found.get(entry.product_id)
        if record is None:
            price, sku = to_amount(changes.get("stock_price")), entry.sku
            new.append(
                (ids[entry.sku], partner_id, sku, currency, price, changes.get("stock") or 0, now, now)
            )
            continue
        if "stock_price" in changes:
            record.price, record.price_currency = to_amount(changes["stock_price"]), currency
        record.num_in_stock = changes.get("stock", record.num_in_stock)
        record.partner_sku = changes.get("sku", record.partner_sku)
        record.date_updated = now
    insert_rows(StockRecord, _STOCK_COLUMNS, new)
    StockRecord.objects.bulk_update(
        found.values(), ["partner_sku", "price", "price_currency", "num_in_stock", "date_updated"]
    )


def write_fba_stock(entries: Sequence[Entry], *, ids: Ids, partner_id: int, currency: str) -> None:
    """Note how many units lie at Amazon, under the SKU they have there; such a record has no price of its own."""
    StockRecord = get_model("partner", "StockRecord")
    counts = {ids[entry.sku]: entry for entry in entries if "fba_stock" in entry.changes}
    found = _find_records(counts, partner_id)
    records = StockRecord.objects.filter(partner_id=partner_id)
    skus = {key: _fba_sku(entry) for key, entry in counts.items() if key not in found}
    taken = (
        set(among(records, "partner_sku", skus.values()).values_list("partner_sku", flat=True))
        if skus
        else set()
    )
    now = timezone.now()
    new = []
    for key, entry in counts.items():
        quantity = entry.changes["fba_stock"]
        if key in found:
            found[key].num_in_stock, found[key].date_updated = quantity, now
            continue
        sku = f"{skus[key]}~{key}" if skus[key] in taken else skus[key]
        new.append((key, partner_id, sku, currency, None, quantity, now, now))
    insert_rows(StockRecord, _STOCK_COLUMNS, new)
    StockRecord.objects.bulk_update(found.values(), ["num_in_stock", "date_updated"])


def _find_records(product_ids: Collection[int], partner_id: int) -> dict[int, Any]:
    """Return the stock records of some products at one place, by product."""
    records = among(get_model("partner", "StockRecord").objects, "product_id", product_ids)
    return {record.product_id: record for record in records if record.partner_id == partner_id}


def _fba_sku(entry: Entry) -> str:
    at_amazon = (note.sku for note in entry.notes if note.imported.get("fulfilment") == "amazon")
    return next(at_amazon, entry.sku)


def _made_ids(entries: Sequence[Entry], ids: Ids) -> set[int]:
    """Return the products that the entries made; nothing hangs on them yet."""
    return {ids[entry.sku] for entry in entries if entry.product_id is None}


def to_amount(price: Json) -> Decimal | None:
    """Return a price as an amount; None stays None."""
    return None if price is None else Decimal(str(price))


def write_attributes(
    entries: Sequence[Entry],
    *,
    ids: Ids,
    values: Mapping[str, Sequence[tuple[str, str]]],
    attribute_ids: Callable[[Entry], Mapping[str, int]],
) -> None:
    """Write brand and options as text attribute values; `values` are those of `attribute_values` by SKU."""
    rows = []
    for entry in entries:
        if pairs := values[entry.sku]:
            product_id, attributes = ids[entry.sku], attribute_ids(entry)
            rows += [(product_id, attributes[code], text) for code, text in pairs]
    model = get_model("catalogue", "ProductAttributeValue")
    dropped = {entry.product_id: entry.dropped_axes for entry in entries if entry.dropped_axes}
    if dropped:
        codes = set().union(*dropped.values())
        old = model.objects.filter(product_id__in=dropped, attribute__code__in=codes)
        found = old.order_by("id").values_list("id", "product_id", "attribute__code")
        gone = [key for key, product_id, code in found if code in dropped[product_id]]
        model.objects.filter(id__in=gone).delete()
    columns, unique = ("product", "attribute", "value_text"), ("product", "attribute")
    _write_rows(model, columns, rows, unique=unique, new=_made_ids(entries, ids))


def attribute_values(entry: Entry) -> list[tuple[str, str]]:
    """Return the (code, text) pairs an entry writes."""
    options = entry.changes.get("options")
    values = (
        [(str(pair[0]), str(pair[1])) for pair in options if isinstance(pair, list)]
        if isinstance(options, list)
        else []
    )
    brand = entry.changes.get("brand")
    return [*values, ("brand", str(brand))] if brand else values


def write_categories(entries: Sequence[Entry], *, ids: Ids, category_ids: Mapping[str, int]) -> None:
    """Put pages into their category."""
    rows = [
        (ids[entry.sku], category_ids[str(entry.changes["category"])])
        for entry in entries
        if entry.changes.get("category")
    ]
    columns = ("product", "category")
    model = get_model("catalogue", "ProductCategory")
    moved = [
        entry.product_id for entry in entries if entry.product_id is not None and "category" in entry.changes
    ]
    if moved:
        model.objects.filter(product_id__in=moved).delete()
    _write_rows(model, columns, rows, unique=columns, new=_made_ids(entries, ids))


def write_texts(entries: Sequence[Entry], *, ids: Ids) -> None:
    """Write title, description, bullets and specifications in the language of their file."""
    ProductText = apps.get_model("markets", "ProductText")
    touched = [entry for entry in entries if not _TEXT_FIELDS.isdisjoint(entry.changes)]
    known_ids = [entry.product_id for entry in touched if entry.product_id is not None]
    texts = among(ProductText.objects, "product_id", known_ids) if known_ids else ProductText.objects.none()
    found = {row[:2]: row[2:] for row in texts.values_list("product_id", "language", *_TEXT_COLUMNS)}
    nothing = ("", "", [], [])
    rows: list[tuple[Any, ...]] = []
    for entry in touched:
        key, say = (ids[entry.sku], entry.language), entry.changes.get
        known = found.get(key, nothing) if found else nothing
        rows.append((*key, *map(say, _TEXT_COLUMN_OF_FIELD, known)))
    unique = ("product", "language")
    _write_rows(ProductText, (*unique, *_TEXT_COLUMNS), rows, unique=unique, new=_made_ids(entries, ids))


def rewrite_captions(captions: Mapping[int, str], *, titles: Mapping[int, str]) -> None:
    """Give pictures that are named after their product's former title its new one."""
    if not captions:
        return
    ProductImage = get_model("catalogue", "ProductImage")
    images = ProductImage.objects.filter(product_id__in=captions).order_by("id")
    changed = [image for image in images if image.caption == captions[image.product_id]]
    for image in changed:
        image.caption = titles[image.product_id][:200]
    ProductImage.objects.bulk_update(changed, ["caption"])


def write_option_texts(entries: Sequence[Entry], *, ids: Ids) -> None:
    """Write how variants name their options in the language of their file."""
    rows = []
    for entry in entries:
        language, options = entry.language, entry.changes.get("text_options")
        for pair in options if isinstance(options, list) else ():
            axis, value = pair  # type: ignore[misc]
            rows.append((ids[entry.sku], language, axis, name_axis(axis, language), value))
    columns = ("product", "language", "axis", "label", "value")
    unique = ("product", "language", "axis")
    model = apps.get_model("markets", "OptionText")
    _write_rows(model, columns, rows, unique=unique, new=_made_ids(entries, ids))


def noted_row(note: ListingNote, product_id: int) -> dict[str, Any]:
    """Return what is stored of a listing."""
    return {
        "product_id": product_id,
        "is_primary": note.is_primary,
        "asin": note.imported.get("asin", ""),
        "imported": note.imported,
    }


def write_notes(
    notes: Sequence[tuple[ListingNote, int]],
    *,
    marketplace: Marketplace,
    known: Mapping[str, KnownListing],
    digests: Mapping[str, str],
) -> None:
    """Remember what was imported for each SKU, with the product it belongs to and the digest of its family, if any.

    `known` is what was noted before.
    """
    rows = [
        (
            *(marketplace.code, note.sku, product_id, note.is_primary, note.imported.get("asin", "")),
            note.imported,
            digests.get(note.sku, ""),
        )
        for note, product_id in notes
    ]
    new = {note.sku for note, _product_id in notes}.difference(known)
    _write_rows(AmazonListing, _LISTING_COLUMNS, rows, unique=("marketplace", "sku"), new=new, by="sku")


def hold_notes(skus: Collection[str]) -> None:
    """Be the only one to write what is remembered of these SKUs until the transaction ends.

    Before anything else is written: whoever deletes a product has its listings forget it first, and would else wait
    for the import while the import waits for him.
    """
    list(among(AmazonListing.objects.select_for_update(), "sku", skus).order_by().values_list("id"))


def settle(digests: Mapping[str, str], *, marketplace: Marketplace) -> None:
    """Note of listings that there are that the shop has all that the files say of their family."""
    rows = [(marketplace.code, sku, digest) for sku, digest in digests.items()]
    update_rows(AmazonListing, ("marketplace", "sku", "digest"), rows, unique=("marketplace", "sku"))


def _write_rows(
    model: Any,
    columns: Sequence[str],
    rows: Rows,
    *,
    unique: Sequence[str],
    new: Collection[Any],
    by: str = "product",
) -> None:
    """Insert the rows of what is new, and write the others over those there may be."""
    place = columns.index(by)
    made = [row for row in rows if row[place] in new]
    insert_rows(model, columns, last_of_each(columns, made, unique=unique))
    if len(made) < len(rows):
        upsert_rows(model, columns, [row for row in rows if row[place] not in new], unique=unique)
