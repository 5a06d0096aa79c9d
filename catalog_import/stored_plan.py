"""Plans as they are stored: batches of whole families, packed as compressed JSON, and read back."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from catalog_import.drafts import Values
from catalog_import.known import STOCK_FIELDS, KnownProduct, Snapshot
from catalog_import.plan import Entry, Kept, ListingNote, Plan, Withdrawal

BATCH_PRODUCTS = 2000
_PART = 64 * 1024  # bytes
_FAST = 1  # zlib's level; twice the size of the best, in a tenth of the time


@dataclass(frozen=True, slots=True)
class Footprint:
    """Which products and SKUs a batch was planned from; `new` are the SKUs of those it makes."""

    skus: list[str]
    product_ids: list[int]
    new: list[str]


@dataclass(slots=True)
class Batch:
    """A part of a plan that is written in one transaction; `settled` is that of `Plan`."""

    entries: list[Entry] = field(default_factory=list)
    withdraw: list[Withdrawal] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    keep: list[Kept] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Batch") -> None:
        """Add all that another one has."""
        self.entries += other.entries
        self.withdraw += other.withdraw
        self.unchanged += other.unchanged
        self.keep += other.keep
        self.settled |= other.settled

    @property
    def create(self) -> list[Entry]:
        """Return the products to create."""
        return [entry for entry in self.entries if entry.product_id is None]

    @property
    def update(self) -> list[Entry]:
        """Return the products to update."""
        return [entry for entry in self.entries if entry.product_id is not None]

    @property
    def product_ids(self) -> set[int]:
        """Return the products of the shop that the batch writes to."""
        known = {entry.product_id for entry in self.entries if entry.product_id is not None}
        return known | {each.product_id for each in self.withdraw}

    @property
    def skus(self) -> set[str]:
        """Return every SKU the batch writes something about, and the parents' of its products."""
        found = {note.sku for entry in self.entries for note in entry.notes}
        found |= {entry.sku for entry in self.entries} | {each.note.sku for each in self.withdraw}
        return found | {entry.parent_sku for entry in self.entries if entry.parent_sku}

    @property
    def footprint(self) -> Footprint:
        """Return what in the shop the batch was planned from."""
        new = [entry.sku for entry in self.entries if entry.product_id is None]
        return Footprint(sorted(self.skus), sorted(self.product_ids), new)

    def counts(self) -> dict[str, int]:
        """Return how many products each part has; `keep` counts fields."""
        return {
            "create": len(self.create),
            "update": len(self.update),
            "unchanged": len(self.unchanged),
            "withdraw": len(self.withdraw),
            "keep": len(self.keep),
        }

    @property
    def named_skus(self) -> list[str]:
        """Return the SKUs of the rows that are shown."""
        rows = [entry.sku for entry in self.entries] + [each.note.sku for each in self.withdraw]
        return list(dict.fromkeys([*rows, *self.unchanged, *(each.sku for each in self.keep)]))


def cut_part(part: Plan, rest: Batch) -> Iterator[Batch]:
    """Yield batches of whole families, in Amazon's order; what writes nothing rides along with what does.

    What no batch of this part takes goes into the `rest`, of which the batches of a later part may take some.
    """
    families: dict[str, list[Entry]] = {}
    for entry in [*part.create, *part.update]:
        families.setdefault(entry.family, []).append(entry)
    rest.add(Batch([], part.withdraw, part.unchanged, part.keep, part.settled))
    for entries in _fill(families.values()):
        yield _take(rest, entries)
    if len(rest.unchanged) >= 10 * BATCH_PRODUCTS:
        yield _take(rest, [])


def cut_rest(rest: Batch) -> Iterator[Batch]:
    """Yield batches of what is left at the end."""
    while rest.withdraw or rest.unchanged or rest.keep or rest.settled:
        yield _take(rest, [])


def _take(rest: Batch, entries: list[Entry]) -> Batch:
    """Return a batch of these entries and as much of the rest as goes with them; that is then taken."""
    batch = Batch(
        entries=entries,
        withdraw=rest.withdraw[:BATCH_PRODUCTS],
        unchanged=rest.unchanged[: 10 * BATCH_PRODUCTS],
        keep=rest.keep[:BATCH_PRODUCTS],
    )
    of_batch = {note.sku for entry in entries for note in entry.notes} if entries else list(rest.settled)
    batch.settled = {sku: rest.settled.pop(sku) for sku in of_batch if sku in rest.settled}
    del rest.withdraw[:BATCH_PRODUCTS], rest.unchanged[: 10 * BATCH_PRODUCTS], rest.keep[:BATCH_PRODUCTS]
    return batch


def _fill(families: Iterable[list[Entry]]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for family in families:
        batch += family
        if len(batch) >= BATCH_PRODUCTS:
            yield batch
            batch = []
    if batch:
        yield batch


def pack(batch: Batch, footprint: Footprint) -> bytes:
    """Return a batch as bytes: its footprint in a line of its own, which can be read without the rest."""
    return _pack_lines(
        [footprint.skus, footprint.product_ids, footprint.new],
        {
            "entries": [_flatten(entry) for entry in batch.entries],
            "withdraw": [
                [each.product_id, each.changes, each.before, each.note.sku, each.note.imported]
                for each in batch.withdraw
            ],
            "unchanged": batch.unchanged,
            "keep": [[each.sku, each.field, each.shop, each.amazon] for each in batch.keep],
            "settled": batch.settled,
        },
    )


def unpack(payload: bytes) -> Batch:
    """Return the batch that `pack` packed."""
    content = orjson.loads(zlib.decompress(payload).rpartition(b"\n")[2])
    return Batch(
        entries=[_restore(row) for row in content["entries"]],
        withdraw=[
            Withdrawal(product_id, changes, ListingNote(sku, True, imported), before)
            for product_id, changes, before, sku, imported in content["withdraw"]
        ],
        unchanged=content["unchanged"],
        keep=[Kept(*row) for row in content["keep"]],
        settled=content.get("settled", {}),
    )


def read_footprint(payload: bytes) -> Footprint:
    """Return the footprint of a packed batch; one packed by an earlier version has none and is unpacked."""
    stream, packed, line, separator = zlib.decompressobj(), payload, b"", b""
    while packed and not separator:
        part, separator, _rest = stream.decompress(packed, _PART).partition(b"\n")
        line, packed = line + part, stream.unconsumed_tail
    return Footprint(*orjson.loads(line)) if separator else unpack(payload).footprint


def pack_json(content: Any) -> bytes:
    """Return plain values as compressed JSON."""
    return _pack_lines(content)


def _pack_lines(*contents: Any) -> bytes:
    return zlib.compress(b"\n".join(map(orjson.dumps, contents)), _FAST)


def unpack_json(payload: bytes) -> Any:
    """Return the values that `pack_json` packed."""
    return orjson.loads(zlib.decompress(payload))


def _flatten(entry: Entry) -> list[Any]:
    return [
        entry.sku,
        entry.family,
        entry.language,
        entry.product_id,
        entry.changes,
        [_flatten_note(note, entry.changes) for note in entry.notes],
        entry.before,
        entry.is_parent,
        entry.parent_sku,
        entry.category,
        entry.is_retitled,
        sorted(entry.dropped_axes),
    ]


def _flatten_note(note: ListingNote, changes: Values) -> list[Any]:
    """Name the values that are written anyway; they are most of what there is to remember."""
    missing = object()
    same = [name for name, value in note.imported.items() if changes.get(name, missing) is value]
    others = {name: value for name, value in note.imported.items() if name not in same}
    return [note.sku, note.is_primary, same, others]


def _restore(row: list[Any]) -> Entry:
    changes = row[4]
    notes = tuple(
        ListingNote(sku, is_primary, {name: changes[name] for name in same} | others)
        for sku, is_primary, same, others in row[5]
    )
    return Entry(
        sku=row[0],
        family=row[1],
        language=row[2],
        product_id=row[3],
        changes=changes,
        notes=notes,
        before=row[6],
        is_parent=row[7],
        parent_sku=row[8],
        category=row[9],
        is_retitled=row[10],
        dropped_axes=frozenset(row[11]),
    )


def fingerprint(footprint: Footprint, snapshot: Snapshot) -> str:
    """Return a digest of everything in the shop that a batch was planned from; stock, which sells, is left out."""
    digest = hashlib.sha256()
    for product_id in footprint.product_ids:
        digest.update(_describe(product_id, snapshot.products.get(product_id)))
    for sku in footprint.new:
        digest.update(f"{sku}\n{snapshot.product_ids.get(sku)}\n".encode())
    for sku in footprint.skus:
        known = snapshot.listings.get(sku)
        if known is not None:
            noted = [sku, known.product_id, known.is_primary, known.imported]
            digest.update(orjson.dumps(noted, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()


def _describe(product_id: int, product: KnownProduct | None) -> bytes:
    if product is None:
        return f"{product_id} is gone".encode()
    values = {name: value for name, value in product.values.items() if name not in STOCK_FIELDS}
    state = [
        *(product_id, product.parent_id, values, product.texts, product.attributes, product.option_texts),
        sorted(product.category_codes),
    ]
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
