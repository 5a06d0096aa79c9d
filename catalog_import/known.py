"""The shop's catalogue as plain values: what a plan is compared with."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from catalog_import.drafts import Json, Values
from catalog_import.places import Place

# Units by where they lie: in the own warehouse, in Amazon's. They sell, so a change of theirs is no edit.
STOCK_FIELDS = ("stock", "fba_stock")
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
class ListingHead:
    """Which product a SKU of this marketplace is; `version` changes with anything of the product, whoever changes it.

    `digest` is what `seal` returned for what the files said and the version, when the shop last had all of it.
    """

    product_id: int | None
    is_primary: bool
    digest: str
    version: str = ""

    def has_all(self, digest: str) -> bool:
        """Return whether the product is as files with this digest say, and nobody changed it since."""
        return self.product_id is not None and self.digest == seal(digest, self.version)


@dataclass(frozen=True, slots=True)
class OtherListing:
    """What another marketplace's primary listing says about a product."""

    place: Place
    sku: str
    imported: Values


@dataclass(slots=True)
class KnownProduct:
    """A product as the shop has it now, or later than this version of it; texts and options by language."""

    values: Values
    parent_id: int | None = None
    version: str = ""
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


class Shop(Protocol):
    """The shop as one marketplace's import asks it, some products at a time; `language` is its default one."""

    here: Place
    language: str

    @property
    def is_empty(self) -> bool:
        """Return whether it has no product and remembers no listing."""

    def heads(self, skus: Collection[str]) -> dict[str, ListingHead]:
        """Return which of some SKUs this marketplace has, and what they are."""

    def look(
        self,
        *,
        skus: Collection[str] = (),
        product_ids: Collection[int] = (),
        gtins: Collection[str] = (),
        asins: Collection[str] = (),
    ) -> Snapshot:
        """Return the products with one of these, and their parents, in full."""

    def parents_among(self, skus: Collection[str]) -> set[str]:
        """Return those of some SKUs that are parents."""

    def primaries(self) -> Iterator[dict[str, int]]:
        """Yield the SKUs that speak for products on this marketplace, with these, some at a time."""

    def skus_of(self, product_ids: Collection[int]) -> dict[str, int]:
        """Return the SKUs that this marketplace has of some products, with these."""

    def variants_of(self, product_ids: Collection[int]) -> dict[int, int]:
        """Return the variants of some products, each with its parent."""


def seal(digest: str, version: str) -> str:
    """Return what a listing keeps of its family's digest, which holds as long as its product has this version."""
    return blake2b(f"{digest} {version}".encode(), digest_size=16).hexdigest() if version else digest


def gtin_key(code: str) -> str:
    """Return a product code in the one length that UPC, EAN and GTIN share."""
    return code.zfill(14)


def gtin_spellings(code: str) -> set[str]:
    """Return a product code in each length that a shop may have written it in."""
    full = gtin_key(code)
    return {full[-length:] for length in (8, 12, 13, 14) if not full[:-length].strip("0")}
