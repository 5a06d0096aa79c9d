"""The shop's catalogue as plain values: what a plan is compared with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from catalog_import.drafts import Json, Values
from catalog_import.places import Place

# Units by where they lie: in the own warehouse, in Amazon's. They sell, so a change of theirs is no edit.
STOCK_FIELDS = ("stock", "fba_stock")
NOT_READ: dict[str, Any] = {}
_NONE: set[str] = set()
_NOBODY: list[Any] = []
_OUTLINES: dict[str, Values] = {name: {"structure": name} for name in ("standalone", "parent", "child")}
_PLAIN_NAME = {"text_title": "title", "text_description": "description", "text_options": "options"}


def baseline(imported: Values, name: str) -> Json:
    """Return the value of a field as it was last imported; a text is kept once for the product and its language."""
    if name in imported:
        return imported[name]
    return imported.get(_PLAIN_NAME.get(name, name))


def has_baseline(imported: Values, name: str) -> bool:
    """Return whether a field was ever imported."""
    return name in imported or _PLAIN_NAME.get(name, name) in imported


def compact(imported: Values) -> Values:
    """Return the values without the texts that say what the plain field of the same listing says."""
    return {
        name: value
        for name, value in imported.items()
        if name not in _PLAIN_NAME
        or _PLAIN_NAME[name] not in imported
        or imported[_PLAIN_NAME[name]] != value
    }


def is_listed(imported: Values) -> bool:
    """Return whether the marketplace still named the listing when it was last asked."""
    return imported.get("is_listed") is not False


@dataclass(slots=True)
class KnownListing:
    """What the last import noted about a SKU of this marketplace; the primary one speaks for the product there."""

    product_id: int | None
    is_primary: bool
    imported: Values


@dataclass(frozen=True, slots=True)
class OtherListing:
    """What another marketplace's primary listing says about a product."""

    place: Place
    sku: str
    imported: Values


@dataclass(slots=True)
class KnownProduct:
    """A product as the shop has it now; texts and options by language."""

    values: Values
    parent_id: int | None = None
    texts: dict[str, Values] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    option_texts: dict[str, dict[str, str]] = field(default_factory=dict)
    category_codes: set[str] = field(default_factory=set)
    others: list[OtherListing] = field(default_factory=list)

    @property
    def is_parent(self) -> bool:
        """Return whether the product is a family's page."""
        return self.values["structure"] == "parent"


@dataclass(slots=True)
class Snapshot:
    """The shop's catalogue as far as the import of one marketplace (`here`) concerns it.

    `listings` are this marketplace's, `product_ids` by SKU of any marketplace; `ambiguous_skus` are those that
    marketplaces give to different products. `language` is the shop's default one.
    """

    here: Place
    language: str
    listings: dict[str, KnownListing] = field(default_factory=dict)
    products: dict[int, KnownProduct] = field(default_factory=dict)
    product_ids: dict[str, int] = field(default_factory=dict)
    ambiguous_skus: dict[str, set[int]] = field(default_factory=dict)
    product_id_of_gtin: dict[str, int] = field(default_factory=dict)
    product_ids_of_asin: dict[str, set[int]] = field(default_factory=dict)

    def note_sku(self, sku: str, product_id: int) -> None:
        """Note which product a listing's SKU belongs to."""
        first = self.product_ids.setdefault(sku, product_id)
        if first != product_id:
            self.ambiguous_skus.setdefault(sku, {first}).add(product_id)

    def look_closer(self, details: "Snapshot") -> None:
        """Take over what is known of some products and listings in full."""
        self.products.update(details.products)
        self.listings.update(details.listings)

    def look_away(self, details: "Snapshot") -> None:
        """Keep no more than the outline of products and listings."""
        for product_id, product in details.products.items():
            self.products[product_id] = outline_of(str(product.values["structure"]), product.parent_id)
        for sku, known in details.listings.items():
            self.listings[sku] = KnownListing(known.product_id, known.is_primary, NOT_READ)

    def known_here(self, skus: Iterable[str]) -> int | None:
        """Return the product that this marketplace's earlier import gave to the first of the SKUs that has one."""
        known = (self.listings.get(sku) for sku in skus)
        return next((each.product_id for each in known if each and each.product_id), None)

    def known_anywhere(self, skus: Iterable[str]) -> set[int]:
        """Return the products that have one of the SKUs on any marketplace or in the shop itself."""
        found: set[int] = set()
        for sku in skus:
            if sku in self.ambiguous_skus:
                found |= self.ambiguous_skus[sku]
            elif sku in self.product_ids:
                found.add(self.product_ids[sku])
        return found

    def parent_skus(self) -> set[str]:
        """Return the SKUs of the parents the shop has."""
        return {sku for sku, product_id in self.product_ids.items() if self.products[product_id].is_parent}


@lru_cache(maxsize=4096)
def outline_of(structure: str, parent_id: int | None) -> KnownProduct:
    """Return a product of which only its place in the catalogue is known; siblings share it."""
    return KnownProduct(_OUTLINES[structure], parent_id, NOT_READ, NOT_READ, NOT_READ, _NONE, _NOBODY)


def gtin_key(code: str) -> str:
    """Return a product code in the one length that UPC, EAN and GTIN share."""
    return code.zfill(14)


def gtin_spellings(code: str) -> set[str]:
    """Return a product code in each length that a shop may have written it in."""
    full = gtin_key(code)
    return {full[-length:] for length in (8, 12, 13, 14) if not full[:-length].strip("0")}
