"""What an import would do, as plain data: products to create, update and withdraw, fields to keep, problems."""

from dataclasses import dataclass, field

from catalog_import.drafts import Json, Values
from catalog_import.listing import RowProblem


@dataclass(frozen=True, slots=True)
class ListingNote:
    """What is to be remembered about one SKU."""

    sku: str
    is_primary: bool
    imported: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One product to create (no `product_id`) or to update: the fields to write, the listings to remember.

    `before` has what the shop says now in the fields to write. `family` is the SKU its whole family shares.
    `is_retitled`: its title was another marketplace's. `dropped_axes`: options it does not have any more.
    """

    sku: str
    family: str
    language: str
    product_id: int | None
    changes: Values
    notes: tuple[ListingNote, ...]
    before: Values = field(default_factory=dict)
    is_parent: bool = False
    parent_sku: str = ""
    category: str = ""
    is_retitled: bool = False
    dropped_axes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """A field the merchant changed since the last import: the shop's value stays."""

    sku: str
    field: str
    shop: Json
    amazon: Json


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A product whose SKU vanished: its prices here end; it stays public where another marketplace has it."""

    product_id: int
    changes: Values
    note: ListingNote
    before: Values = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What an import would do with some families, in Amazon's order.

    `settled` has, by SKU, the digests of families whose products are then as the files say, each with the version that
    the product was looked at.
    """

    create: list[Entry] = field(default_factory=list)
    update: list[Entry] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdraw: list[Withdrawal] = field(default_factory=list)
    keep: list[Kept] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)
