"""Which product of the shop a listing is: by SKU, then by product code, then by ASIN; else it is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog_import.drafts import Draft
from catalog_import.known import Snapshot, gtin_key
from catalog_import.listing import ProblemKind, RowProblem
from catalog_import.said import say as _

_ACTION = _(
    "Nothing was done with it. Say which product it is: give its listings one SKU in Seller Central, "
    "or remove the product that is too many."
)


@dataclass(slots=True)
class Matching:
    """The product of each SKU that the shop has; `seconds` are further listings of a product another one speaks for.

    `left_out` are the SKUs that a question was asked about.
    """

    product_ids: dict[str, int] = field(default_factory=dict)
    seconds: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    questions: list[RowProblem] = field(default_factory=list)


def match_drafts(*, drafts: Sequence[Draft], snapshot: Snapshot) -> Matching:
    """Return the product of every draft; where two products come into question the merchant is asked."""
    matching = Matching()
    claimed: dict[int, str] = {}
    unknown: list[Draft] = []
    for draft in drafts:
        product_id = snapshot.known_here(draft.skus)
        if product_id is not None:
            if product_id in claimed:
                matching.seconds.add(draft.sku)
            claimed.setdefault(product_id, draft.sku)
            matching.product_ids[draft.sku] = product_id
        else:
            unknown.append(draft)
    if not snapshot.products:
        return matching
    here = {known.product_id for known in snapshot.listings.values()}
    without_sku = []
    for draft in unknown:
        found = snapshot.known_anywhere(draft.skus)
        if found:
            _decide(draft, found, claimed, matching)
        else:
            without_sku.append(draft)
    for draft in without_sku:
        found = {
            product_id for product_id in _find_by_codes(draft, snapshot)
            if product_id not in here and product_id not in claimed
        }  # fmt: skip
        if found:
            _decide(draft, found, claimed, matching)
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


def leave_out_children(*, drafts: Sequence[Draft], matching: Matching) -> None:
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
