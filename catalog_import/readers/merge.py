"""What several files say of one SKU becomes one listing; every kind of file is believed in what it knows best."""

from dataclasses import replace

from catalog_import.listing import Fulfilment, Listing, Offer, Role


def merge(report: Listing, category: Listing) -> Listing:
    """Return the listing that a listings report and a category report make together.

    The listings report is believed for status, price, quantity and ASIN; the category report for text, pictures and
    family.
    """
    return replace(
        category,
        asin=report.asin or category.asin,
        gtin=category.gtin or report.gtin,
        title=category.title or report.title,
        description=category.description or report.description,
        status=report.status or category.status,
        condition=category.condition or report.condition,
        offer=category.offer if category.role is Role.PARENT else _merge_offer(report.offer, category.offer),
    )


def with_units(listing: Listing, quantity: int | None) -> Listing:
    """Return the listing with what the FBA inventory counts, where Amazon ships it."""
    if quantity is None or listing.offer.fulfilment is not Fulfilment.AMAZON:
        return listing
    return replace(listing, offer=replace(listing.offer, quantity=quantity))


def fill_from_catalog(listing: Listing, item: Listing, *, parent_sku: str | None) -> Listing:
    """Return the listing with what Amazon's catalogue, which knows ASINs only, says where the seller's files do not.

    `parent_sku` is the SKU of the item's parent.
    """
    parent_sku = parent_sku if listing.role is None else None
    return replace(
        listing,
        language=listing.language or item.language,
        gtin=listing.gtin or item.gtin,
        title=listing.title or item.title,
        description=listing.description or item.description,
        brand=listing.brand or item.brand,
        product_type=listing.product_type or item.product_type,
        item_type_keyword=listing.item_type_keyword or item.item_type_keyword,
        bullet_points=listing.bullet_points or item.bullet_points,
        specifications=listing.specifications or item.specifications,
        attributes={**item.attributes, **listing.attributes},
        pictures=listing.pictures or item.pictures,
        role=Role.CHILD if parent_sku else listing.role or (item.role if item.role is Role.PARENT else None),
        parent_sku=listing.parent_sku or parent_sku,
        variation_theme=listing.variation_theme or item.variation_theme,
    )


def _merge_offer(report: Offer, category: Offer) -> Offer:
    return replace(
        category,
        price=category.price if report.price is None else report.price,
        quantity=category.quantity if report.quantity is None else report.quantity,
        fulfilment=report.fulfilment or category.fulfilment,
    )
