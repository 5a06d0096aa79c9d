"""What each product of a family should look like in the shop, as flat named values that a plan can compare."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from catalog_import.families import Family, Variant
from catalog_import.listing import Fulfilment, Listing, ProblemKind, Role, RowProblem, Status

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Values: TypeAlias = dict[str, Json]


@dataclass(slots=True)
class Draft:
    """One product as Amazon describes it; a value that is absent is one the files do not give.

    `sku` is the one it is sold under, `file` and `row` where that was read; `family` is the SKU that its whole family
    shares; `twins` are further SKUs that sell the same thing. `is_active` None means that the files say nothing about
    whether it is on sale.
    """

    sku: str
    file: str
    row: int
    fulfilment: Fulfilment | None
    family: str
    language: str
    values: Values
    is_parent: bool = False
    is_active: bool | None = None
    twins: tuple[tuple[str, Values], ...] = ()

    @property
    def skus(self) -> tuple[str, ...]:
        """Return every SKU of the product, its own first."""
        return (self.sku, *(sku for sku, _ in self.twins))

    def problem(self, kind: ProblemKind, message: str, action: str, *, column: str = "") -> RowProblem:
        """Return a problem at the row this product was read from."""
        return RowProblem(
            file=self.file,
            row=self.row,
            column=column,
            kind=kind,
            sku=self.sku,
            message=message,
            action=action,
        )


def draft_family(
    family: Family, *, primary_skus: Collection[str], language: str, divided_types: Collection[str]
) -> list[Draft]:
    """Return every product of a family, its parent before its children.

    `primary_skus` are those that speak for products of the shop already; of twins, such a one stays in front. In
    `divided_types`, product types whose pages have more than one keyword, a keyword is a category of its own.
    """
    variants = [_draft_variant(variant, family, primary_skus, language) for variant in family.variants]
    if family.parent is not None:
        parent = _draft_parent(family.parent, family, language)
        if variants and all(draft.is_active is False for draft in variants):
            parent.is_active = False
        _describe_page(parent, family.parent, family, divided_types)
        return [parent, *variants]
    if family.parent_sku is None:
        first = _in_front(family.variants[0], primary_skus)[0]
        _describe_page(variants[0], first, family, divided_types)
    return variants


def _draft_parent(listing: Listing, family: Family, language: str) -> Draft:
    draft = _draft(listing, family.parent_sku or listing.sku, language)
    draft.is_parent = True
    draft.values["structure"] = Role.PARENT.value
    return draft


def _draft_variant(variant: Variant, family: Family, primary_skus: Collection[str], language: str) -> Draft:
    listings = _in_front(variant, primary_skus)
    listing, *twins = listings
    draft = _draft(listing, family.parent_sku or listing.sku, language)
    values = draft.values
    if listing.gtin:
        values["upc"] = listing.gtin
    values.pop("stock", None)  # one SKU's; the product's is counted over all of them
    values |= _count_stock(listings)
    if family.parent_sku is not None:
        values["structure"] = Role.CHILD.value
        values["parent_sku"] = family.parent_sku
        values["options"] = [[axis, value] for axis, value in variant.options]
    elif listing.role is not None:
        values["structure"] = Role.STANDALONE.value
    draft.is_active = _is_active(listings)
    draft.twins = tuple((twin.sku, _offer_values(twin)) for twin in twins)
    return draft


def _draft(listing: Listing, family: str, language: str) -> Draft:
    spoken = listing.language or language
    values = _offer_values(listing)
    values["language"] = spoken
    if listing.title:
        values["title"] = listing.title
    if listing.description:
        values["description"] = listing.description
    if listing.bullet_points:
        values["bullet_points"] = list(listing.bullet_points)
    if listing.specifications:
        values["specifications"] = [[label, value] for label, value in listing.specifications]
    if listing.pictures:
        values["pictures"] = [[picture.url, picture.role] for picture in listing.pictures]
    if listing.attributes:
        values["attributes"] = dict(listing.attributes)
    if listing.condition and listing.condition != "new":
        values["condition"] = listing.condition
    return Draft(
        listing.sku,
        listing.file,
        listing.row,
        listing.offer.fulfilment,
        family,
        spoken,
        values,
        is_active=_is_active([listing]),
    )


def _in_front(variant: Variant, primary_skus: Collection[str]) -> list[Listing]:
    return sorted(variant.listings, key=lambda listing: listing.sku not in primary_skus)


def _offer_values(listing: Listing) -> Values:
    """Return what one SKU's offer says; for a twin that is all there is to remember."""
    offer = listing.offer
    values: Values = {"asin": listing.asin} if listing.asin else {}
    if offer.fulfilment:
        values["fulfilment"] = offer.fulfilment.value
    if offer.price is not None:
        values["price"] = f"{offer.price:.2f}"
    if offer.sale_price is not None:
        values["sale_price"] = f"{offer.sale_price:.2f}"
        values["sale_starts"] = offer.sale_starts.isoformat() if offer.sale_starts else None
        values["sale_ends"] = offer.sale_ends.isoformat() if offer.sale_ends else None
    if offer.quantity is not None:
        values["stock"] = offer.quantity
    return values


def _is_active(listings: Sequence[Listing]) -> bool | None:
    """Return whether any SKU of a product is on sale; None where no file gives its status."""
    statuses = {listing.status for listing in listings}
    return True if Status.ACTIVE in statuses else None if None in statuses else False


def _count_stock(listings: Sequence[Listing]) -> Values:
    """Return what lies in the merchant's own warehouse and what in Amazon's, where the files say so.

    Two SKUs of the merchant's sell the same goods; each SKU at Amazon has units of its own.
    """
    known = [listing.offer for listing in listings if listing.offer.quantity is not None]
    own = [offer.quantity for offer in known if offer.fulfilment is not Fulfilment.AMAZON]
    at_amazon = [offer.quantity or 0 for offer in known if offer.fulfilment is Fulfilment.AMAZON]
    values: Values = {"stock": own[0]} if own else {}
    return values | ({"fba_stock": sum(at_amazon)} if at_amazon else {})


def _describe_page(draft: Draft, listing: Listing, family: Family, divided_types: Collection[str]) -> None:
    """Add what only a page of its own has: brand, product type and category."""
    sources = [listing, *(twin for variant in family.variants for twin in variant.listings)]
    brand = next((source.brand for source in sources if source.brand), None)
    if brand:
        draft.values["brand"] = brand
    if listing.product_type:
        draft.values["product_type"] = listing.product_type
        keyword = listing.item_type_keyword if listing.product_type in divided_types else None
        draft.values["category"] = "/".join(filter(None, [listing.product_type, keyword]))
