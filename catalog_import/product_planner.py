"""Plans the products of some families: compares each with what the shop has, field by field; writes nothing."""

from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from catalog_import.comparing import Comparer
from catalog_import.drafts import Draft, Values
from catalog_import.known import (
    STOCK_FIELDS,
    KnownListing,
    KnownProduct,
    Snapshot,
    compact,
    gtin_key,
    is_listed,
)
from catalog_import.listing import Fulfilment, ProblemKind
from catalog_import.matching import Matching
from catalog_import.plan import Entry, Kept, ListingNote, Plan, Withdrawal
from catalog_import.said import say as _
from catalog_import.unsellable import Unsellable
from catalog_import.wanted import want, want_prices


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for a whole plan; `shared_codes` are product codes of several families, with `first_skus`."""

    now: datetime
    is_complete: bool
    unsellable: Unsellable
    shared_codes: Collection[str] = ()
    first_skus: MutableMapping[str, str] = field(default_factory=dict)


class ProductPlanner:
    """Plans products into `plan`, with what the shop has of them and which ones they are.

    `replaced` are primary SKUs that the files do not name any more, by product: another SKU may speak for it now.
    """

    def __init__(
        self,
        plan: Plan,
        snapshot: Snapshot,
        matching: Matching,
        circumstances: Circumstances,
        replaced: Mapping[int, str],
    ) -> None:
        self.plan = plan
        self._snapshot = snapshot
        self._matching = matching
        self._circumstances = circumstances
        self._now, self._is_complete = circumstances.now, circumstances.is_complete
        self._unsellable = circumstances.unsellable
        self._comparer = Comparer(snapshot, matching.product_ids)
        self._spoken_for = {known.product_id for known in snapshot.listings.values() if known.is_primary}
        self._replaced = replaced
        self._first_skus: dict[str, str] = {}

    def plan_draft(self, draft: Draft) -> None:
        """Plan one product of the files."""
        product_id = self._matching.product_ids.get(draft.sku)
        product = self._snapshot.products.get(product_id) if product_id else None
        self._check_upc(draft, product_id)
        known = self._snapshot.listings.get(draft.sku)
        if product is None or product_id is None:
            self._plan_new(draft)
        elif draft.sku in self._matching.seconds or not self._speaks(known, product_id):
            self._update(_enter(draft, product_id, {}, [ListingNote(draft.sku, False, draft.values)]))
        else:
            self._plan_known(draft, product_id, product, known.imported if known else {})

    def plan_withdrawal(self, sku: str, product_id: int) -> None:
        """Plan what becomes of a product whose SKU none of the files names any more."""
        imported = self._snapshot.listings[sku].imported
        if product_id in self._snapshot.products and is_listed(imported):
            self.plan.withdraw.append(self._withdraw(sku, product_id, imported))

    def _plan_new(self, draft: Draft) -> None:
        wanted = want(draft=draft, product=None, imported={}, here=self._snapshot.here, now=self._now)
        values: Values = {"structure": "standalone", "title": draft.sku, "is_public": wanted["is_offered"]}
        values |= {name: value for name, value in wanted.items() if value is not None}
        notes = (ListingNote(draft.sku, True, compact(wanted)), *_note_twins(draft))
        self.plan.create.append(_enter(draft, None, values, notes))
        self._unsellable.look_at(draft)

    def _plan_known(self, draft: Draft, product_id: int, product: KnownProduct, imported: Values) -> None:
        wanted = want(
            draft=draft, product=product, imported=imported, here=self._snapshot.here, now=self._now
        )
        if self._is_complete:
            wanted |= _emptied_places(draft, imported)
        found = self._comparer.compare(
            wanted=wanted, product=product, imported=imported, language=draft.language, sku=draft.sku
        )
        changes, kept = found.changes, list(found.kept)
        self._decide_public(product, imported, bool(wanted["is_offered"]), changes, kept)
        if not imported and self._leads(product):
            changes["sku"] = draft.sku
        for name in kept:
            shop = self._comparer.current(name, product, draft.language, wanted.get(name))
            self.plan.keep.append(Kept(draft.sku, name, shop, wanted.get(name)))
        remembered = imported | {name: value for name, value in wanted.items() if name not in found.kept}
        remembered.pop("is_listed", None)
        notes = [ListingNote(draft.sku, True, compact(remembered)), *_note_twins(draft)]
        former = self._replaced.get(product_id)
        if former is not None:
            left = self._snapshot.listings[former].imported
            notes.append(ListingNote(former, False, left | {"is_listed": False}))
        entry = _enter(draft, product_id, changes, notes)
        before = {
            name: self._comparer.shown(name, product, draft.language, value)
            for name, value in changes.items()
        }
        self._update(
            replace(entry, before=before, is_retitled=found.is_retitled, dropped_axes=found.dropped_axes)
        )

    def _update(self, entry: Entry) -> None:
        notes = tuple(note for note in entry.notes if not self._is_noted(note, entry.product_id))
        if entry.changes or notes:
            self.plan.update.append(replace(entry, notes=notes))
        else:
            self.plan.unchanged.append(entry.sku)

    def _withdraw(self, sku: str, product_id: int, imported: Values) -> Withdrawal:
        product = self._snapshot.products[product_id]
        language = str(imported.get("language", ""))
        wanted = want_prices(values={}, is_offered=False, here=self._snapshot.here, now=self._now)
        found = self._comparer.compare(
            wanted=wanted, product=product, imported=imported, language=language, sku=sku
        )
        changes, kept = found.changes, list(found.kept)
        self._decide_public(product, imported, False, changes, kept)
        note = imported | {name: value for name, value in wanted.items() if name not in found.kept}
        for name in STOCK_FIELDS:
            note.pop(name, None)
        note["is_listed"] = False
        if product.values["is_public"]:
            note["is_offered"] = False  # else the merchant hid it, and hidden it stays when it comes back
        self.plan.keep += (Kept(sku, name, product.values.get(name), None) for name in kept)
        before = {name: self._comparer.shown(name, product, language) for name in changes}
        return Withdrawal(product_id, changes, ListingNote(sku, True, note), before)

    def _decide_public(
        self, product: KnownProduct, imported: Values, is_offered: bool, changes: Values, kept: list[str]
    ) -> None:
        """A product is public while any marketplace offers it, unless the merchant decided otherwise."""
        others = [other.imported for other in product.others]
        wanted = is_offered or any(each.get("is_offered") and is_listed(each) for each in others)
        noted = [each["is_offered"] for each in (imported, *others) if "is_offered" in each]
        now = product.values["is_public"]
        if wanted == now:
            return
        if noted and now == any(noted):
            changes["is_public"] = wanted
        else:
            kept.append("is_public")

    def _leads(self, product: KnownProduct) -> bool:
        """Return whether a product is sold under the SKU of a marketplace that this one comes before."""
        here = self._snapshot.here
        skus = {other.sku for other in product.others}
        return product.values.get("sku") in skus and all(
            here.rank < other.place.rank for other in product.others if is_listed(other.imported)
        )

    def _speaks(self, known: KnownListing | None, product_id: int) -> bool:
        """Return whether a SKU speaks for its product here: it did before, or no other SKU does."""
        return (
            (known is not None and known.is_primary)
            or product_id not in self._spoken_for
            or product_id in self._replaced
        )

    def _is_noted(self, note: ListingNote, product_id: int | None) -> bool:
        known = self._snapshot.listings.get(note.sku)
        return (
            known is not None
            and (known.product_id, known.is_primary) == (product_id, note.is_primary)
            and known.imported == note.imported
        )

    def _check_upc(self, draft: Draft, product_id: int | None) -> None:
        """Drop a product code that another product has already, and report it."""
        upc = draft.values.get("upc")
        if not isinstance(upc, str):
            return
        holder = self._snapshot.product_id_of_gtin.get(gtin_key(upc))
        is_shared = upc in self._circumstances.shared_codes
        first_skus = self._circumstances.first_skus if is_shared else self._first_skus
        first_sku = first_skus.setdefault(gtin_key(upc), draft.sku)
        if first_sku != draft.sku or (holder is not None and holder != product_id):
            del draft.values["upc"]
            self.plan.problems.append(
                draft.problem(
                    ProblemKind.GTIN_TAKEN,
                    _("The product code %(code)s is already that of %(sku)s.", code=upc, sku=first_sku)
                    if first_sku != draft.sku
                    else _(
                        "The product code %(code)s is already that of another product of the shop.", code=upc
                    ),
                    _("The product was imported without its code. Correct the code in Seller Central."),
                )
            )


def _emptied_places(draft: Draft, imported: Values) -> Values:
    """Return 0 for each place that had stock before and that no SKU of the product is sent from any more."""
    senders = {values.get("fulfilment") for values in (draft.values, *dict(draft.twins).values())}
    place_of = {"stock": Fulfilment.MERCHANT.value, "fba_stock": Fulfilment.AMAZON.value}
    return {
        name: 0
        for name, sender in place_of.items()
        if imported.get(name) is not None and not senders & {sender, None}
    }


def _note_twins(draft: Draft) -> Iterator[ListingNote]:
    return (ListingNote(sku, False, values) for sku, values in draft.twins)


def _enter(draft: Draft, product_id: int | None, changes: Values, notes: Sequence[ListingNote]) -> Entry:
    return Entry(
        sku=draft.sku,
        family=draft.family,
        language=draft.language,
        product_id=product_id,
        changes=changes,
        notes=tuple(notes),
        is_parent=draft.is_parent,
        parent_sku=str(draft.values.get("parent_sku", "")),
        category=str(draft.values.get("category", "")),
    )
