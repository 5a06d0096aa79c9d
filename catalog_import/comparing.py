"""Which fields of a product one marketplace may write: those no better placed one gives and no merchant changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog_import.drafts import Json, Values
from catalog_import.known import (
    STOCK_FIELDS,
    KnownProduct,
    OtherListing,
    Snapshot,
    baseline,
    has_baseline,
    is_listed,
)
from catalog_import.product_types import category_code

LANGUAGE_FIELDS = frozenset(
    ["text_title", "text_description", "text_options", "bullet_points", "specifications"]
)
MARKET_FIELDS = frozenset(["market_price", "market_sale"])
# Told in the shop's default language where a marketplace speaks it.
DEFAULT_LANGUAGE_FIELDS = frozenset(["title", "description", "options"])
# Remembered with the listing; the shop's own tables do not hold them field by field.
REMEMBERED_FIELDS = frozenset(
    [
        *("asin", "language", "condition", "fulfilment", "pictures", "attributes", "is_offered"),
        *("price", "sale_price", "sale_starts", "sale_ends"),
    ]
)
_ASKED_APART = frozenset(["options", "text_options", "parent_sku", "category"])


@dataclass(slots=True)
class Comparison:
    """The fields to write and those that are the merchant's; `is_retitled` when the title was another marketplace's.

    `dropped_axes` are option axes that only the marketplace had whose options are replaced.
    """

    changes: Values = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    is_retitled: bool = False
    dropped_axes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares what one listing wants with what its product has; `product_ids` are those of the files' SKUs."""

    snapshot: Snapshot
    product_ids: Mapping[str, int]

    def compare(
        self, *, wanted: Values, product: KnownProduct, imported: Values, language: str, sku: str
    ) -> Comparison:
        """Return what to write; a value that is in the shop already, or that another marketplace decides, is left."""
        result = Comparison()
        values, texts, has_rivals = product.values, product.texts.get(language, {}), bool(product.others)
        for name, value in wanted.items():
            if name in REMEMBERED_FIELDS:
                continue
            rivals: list[OtherListing] = []
            if not has_rivals:  # most fields of most products: in the shop already
                known = texts if name in LANGUAGE_FIELDS else values
                if name in known and known[name] == value and name not in _ASKED_APART:
                    continue
            else:
                rivals = self._rivals(name, product, language)
                if any(self._precedes(rival, name, language) for rival in rivals):
                    continue
            if self._holds(name, value, product, language):
                continue
            notes = [rival.imported for rival in rivals]
            if has_baseline(imported, name):
                notes.append(imported)
            if name == "category":
                if not product.category_codes or self._is_rivals_category(product, imported, rivals):
                    result.changes[name] = value
            elif name in STOCK_FIELDS and notes:
                if value != imported.get(name):  # a count, not a decision: a new figure replaces the shop's
                    result.changes[name] = value
            elif self._is_ours(name, notes, product, language, sku):
                result.changes[name] = value
                self._note_takeover(result, name, value, imported, rivals)
            else:
                result.kept.append(name)
        return result

    def current(self, name: str, product: KnownProduct, language: str, like: Json = None) -> Json:
        """Return the shop's value of a field; of options those axes that `like` has."""
        if name in ("options", "text_options"):
            found = product.attributes if name == "options" else product.option_texts.get(language, {})
            axes = option_axes(like) or list(found)
            return [[axis, found[axis]] for axis in axes if axis in found]
        if name in LANGUAGE_FIELDS:
            return product.texts.get(language, {}).get(name)
        return product.values.get(name)

    def shown(self, name: str, product: KnownProduct, language: str, like: Json = None) -> Json:
        """Return the shop's value as a plan shows it before the new one."""
        if name == "parent_sku":
            parent = self.snapshot.products.get(product.parent_id or 0)
            return parent.values["title"] if parent else ""
        if name == "category":
            return ", ".join(sorted(product.category_codes))
        return self.current(name, product, language, like)

    def _holds(self, name: str, value: Json, product: KnownProduct, language: str) -> bool:
        if name == "parent_sku":
            parent_id = self._parent_id(str(value))
            return parent_id is not None and parent_id == product.parent_id
        if name == "category":
            return product.category_codes == {category_code(str(value))}
        if name == "market_sale":
            return _moment(product.values.get(name)) == _moment(value)
        return self.current(name, product, language, value) == value

    def _parent_id(self, sku: str) -> int | None:
        return self.product_ids.get(sku) or self.snapshot.product_ids.get(sku)

    def _is_ours(
        self, name: str, notes: list[Values], product: KnownProduct, language: str, sku: str
    ) -> bool:
        """Return whether the shop's value came from an import, or there is none."""
        if any(self._holds(name, baseline(note, name), product, language) for note in notes):
            return True
        now = self.current(name, product, language)
        if (name == "title" and now == sku) or (name == "structure" and now == "standalone"):
            return True  # what a product gets whose files say neither
        is_blank = now in (None, "", [], 0)
        return is_blank and (not notes or name.startswith("text_"))

    def _rivals(self, name: str, product: KnownProduct, language: str) -> list[OtherListing]:
        """Return the other marketplaces' listings that give this very field of the product."""
        rivals = [other for other in product.others if has_baseline(other.imported, name)]
        if name in LANGUAGE_FIELDS:
            return [rival for rival in rivals if rival.imported.get("language") == language]
        if name in MARKET_FIELDS:
            return [rival for rival in rivals if rival.place.market_id == self.snapshot.here.market_id]
        return rivals

    def _precedes(self, rival: OtherListing, name: str, language: str) -> bool:
        is_foreign = [False, False]
        if name in DEFAULT_LANGUAGE_FIELDS:
            home = self.snapshot.language
            is_foreign = [rival.imported.get("language") != home, language != home]
        theirs = (is_foreign[0], not is_listed(rival.imported), rival.place.rank)
        return theirs < (is_foreign[1], False, self.snapshot.here.rank)

    def _is_rivals_category(
        self, product: KnownProduct, imported: Values, rivals: list[OtherListing]
    ) -> bool:
        """Return whether the category is still another marketplace's; one's own is the merchant's once it is made."""
        codes = [{category_code(str(rival.imported["category"]))} for rival in rivals]
        return "category" not in imported and product.category_codes in codes

    def _note_takeover(
        self, result: Comparison, name: str, value: Json, imported: Values, rivals: list[OtherListing]
    ) -> None:
        if name == "title":
            result.is_retitled = bool(rivals) and "title" not in imported
        elif name == "options":
            theirs = {axis for rival in rivals for axis in option_axes(rival.imported.get("options"))}
            result.dropped_axes = frozenset(theirs.difference(option_axes(value)))


def option_axes(options: Json) -> list[str]:
    """Return the axes of options given as [axis, value] pairs."""
    return [str(pair[0]) for pair in options if isinstance(pair, list)] if isinstance(options, list) else []


def _moment(sale: Json) -> tuple[Json, Json] | None:
    """Return what makes two temporary prices the same: the amount and the end."""
    return (sale["amount"], sale["ends"]) if isinstance(sale, dict) else None
