"""Which product of the shop a listing is: by SKU, then by product code, then by ASIN; else it is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog_import.drafts import Draft
from catalog_import.known import Snapshot, gtin_key
from catalog_import.listing import ProblemKind, RowProblem
from catalog_import.readers.staging import Staging
from catalog_import.said import say as _

_ACTION = _(
    "Nothing was done with it. Say which product it is: give its listings one SKU in Seller Central, "
    "or remove the product that is too many."
)


@dataclass(slots=True)
class Matching:
    """The product of each SKU of some families that the shop has.

    `seconds` are further listings of a product another one speaks for, `left_out` the SKUs that a question was asked
    about.
    """

    product_ids: dict[str, int] = field(default_factory=dict)
    seconds: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    questions: list[RowProblem] = field(default_factory=list)


def match_known(drafts: Sequence[Draft], snapshot: Snapshot, listings: Staging) -> Matching:
    """Return the products that this marketplace's earlier imports gave to drafts, and claim them.

    Asked again of the same drafts, the answer is the same.
    """
    matching = Matching()
    known = {draft.sku: found for draft in drafts if (found := snapshot.known_here(draft.skus)) is not None}
    claimed = listings.claimed(known.values())
    new: list[tuple[int, str]] = []
    for draft in drafts:
        product_id = known.get(draft.sku)
        if product_id is None:
            continue
        matching.product_ids[draft.sku] = product_id
        first = claimed.setdefault(product_id, draft.sku)
        if first != draft.sku:
            matching.seconds.add(draft.sku)
        else:
            new.append((product_id, draft.sku))
    listings.claim(new)
    return matching


def match_by_sku(drafts: Sequence[Draft], snapshot: Snapshot, listings: Staging) -> Matching:
    """Return what is decided of drafts whose SKUs another marketplace, or the shop itself, has."""
    found = {draft.sku: snapshot.known_anywhere(draft.skus) for draft in drafts}
    return _decide_all(drafts, found, listings)


def match_by_code(drafts: Sequence[Draft], snapshot: Snapshot, listings: Staging) -> Matching:
    """Return what is decided of drafts whose product code, or else ASIN, a product has that nobody spoke for."""
    here = {known.product_id for known in snapshot.listings.values()}
    found = {draft.sku: _find_by_codes(draft, snapshot) - here for draft in drafts}
    claimed = listings.claimed({key for keys in found.values() for key in keys})
    return _decide_all(drafts, found, listings, free_only=True, claimed=claimed)


def _decide_all(
    drafts: Sequence[Draft],
    found: Mapping[str, set[int]],
    listings: Staging,
    *,
    free_only: bool = False,
    claimed: dict[int, str] | None = None,
) -> Matching:
    matching = Matching()
    if claimed is None:
        claimed = listings.claimed({key for keys in found.values() for key in keys})
    for draft in drafts:
        ids = found[draft.sku] - claimed.keys() if free_only else found[draft.sku]
        if ids:
            _decide(draft, ids, claimed, matching)
    listings.claim((product_id, sku) for sku, product_id in matching.product_ids.items())
    return matching


def _find_by_codes(draft: Draft, snapshot: Snapshot) -> set[int]:
    """Return the products with the listing's product code, else those with its ASIN; used goods are never another's."""
    if draft.values.get("condition"):
        return set()
    gtin = draft.values.get("upc")
    holder = snapshot.product_id_of_gtin.get(gtin_key(gtin)) if isinstance(gtin, str) else None
    if holder is not None and not snapshot.products[holder].is_parent:
        return {holder}
    asins = {
        str(values["asin"]) for values in (draft.values, *dict(draft.twins).values()) if "asin" in values
    }
    found = {product_id for asin in asins for product_id in snapshot.product_ids_of_asin.get(asin, ())}
    return {product_id for product_id in found if snapshot.products[product_id].is_parent == draft.is_parent}


def _decide(draft: Draft, found: set[int], claimed: dict[int, str], matching: Matching) -> None:
    product_id = min(found)
    if len(found) > 1:
        message = _(
            "%(count)d products of the shop could be this one: %(products)s.",
            count=len(found),
            products=", ".join(f"#{number}" for number in sorted(found)),
        )
    elif product_id in claimed:
        message = _(
            "In the shop it is one product with %(sku)s; here it is another.", sku=claimed[product_id]
        )
    else:
        claimed[product_id] = draft.sku
        matching.product_ids[draft.sku] = product_id
        return
    matching.left_out.add(draft.sku)
    matching.questions.append(draft.problem(ProblemKind.AMBIGUOUS_PRODUCT, message, _ACTION))


def leave_out_children(drafts: Sequence[Draft], matching: Matching) -> None:
    """Leave out the new variants of a parent that was left out; those the shop has stay where they are."""
    for draft in drafts:
        parent_sku = draft.values.get("parent_sku")
        if parent_sku not in matching.left_out or parent_sku in matching.product_ids:
            continue
        if draft.sku in matching.product_ids:
            del draft.values["parent_sku"], draft.values["structure"]
        elif draft.sku not in matching.left_out:
            matching.left_out.add(draft.sku)
            matching.questions.append(
                draft.problem(
                    ProblemKind.AMBIGUOUS_PRODUCT,
                    _("It is not clear which product its parent %(sku)s is.", sku=parent_sku),
                    _("It was left out. Answer the question about its parent, then import again."),
                )
            )  # fmt: skip
