"""Several files about the same SKUs become one listing each; every kind of file is believed in what it knows best."""

from collections.abc import Sequence
from dataclasses import replace

from catalog_import.listing import Fulfilment, Listing, Offer, Role
from catalog_import.readers.inventory import FbaStock


def merge_listings(
    *,
    reports: list[list[Listing]],
    categories: list[list[Listing]],
    stocks: list[list[FbaStock]],
    catalog_items: Sequence[Listing] = (),
) -> list[Listing]:
    """Return one listing per SKU, in the order of the listings report, else of the category reports.

    The listings report is believed for status, price, quantity and ASIN; the category report for text, pictures and
    family; the FBA inventory for units in Amazon's warehouses. Of two files of a kind the later counts, SKU by SKU.
    Catalog items, which know ASINs only, fill what the seller's own files leave open.
    """
    by_sku = {listing.sku: listing for listings in reports for listing in listings}
    described = {listing.sku: listing for listings in categories for listing in listings}
    for sku, category in described.items():
        report = by_sku.get(sku)
        by_sku[sku] = category if report is None else _merge(report, category)
    sellable = _sellable_units(stocks, by_sku)
    for sku, quantity in sellable.items():
        listing = by_sku.get(sku)
        if listing is not None and listing.offer.fulfilment is Fulfilment.AMAZON:
            by_sku[sku] = replace(listing, offer=replace(listing.offer, quantity=quantity))
    if catalog_items:
        _fill_from_catalog(by_sku, {item.asin: item for item in catalog_items if item.asin})
    return list(by_sku.values())


def _fill_from_catalog(by_sku: dict[str, Listing], items: dict[str, Listing]) -> None:
    sku_of_asin = {listing.asin: sku for sku, listing in reversed(by_sku.items()) if listing.asin}
    for sku, listing in by_sku.items():
        item = items.get(listing.asin or "")
        if item is None:
            continue
        parent_sku = sku_of_asin.get(item.parent_sku or "") if listing.role is None else None
        by_sku[sku] = replace(
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
            role=Role.CHILD
            if parent_sku
            else listing.role or (item.role if item.role is Role.PARENT else None),
            parent_sku=listing.parent_sku or parent_sku,
            variation_theme=listing.variation_theme or item.variation_theme,
        )


def _merge(report: Listing, category: Listing) -> Listing:
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


def _merge_offer(report: Offer, category: Offer) -> Offer:
    return replace(
        category,
        price=category.price if report.price is None else report.price,
        quantity=category.quantity if report.quantity is None else report.quantity,
        fulfilment=report.fulfilment or category.fulfilment,
    )


def _sellable_units(stocks: list[list[FbaStock]], listings: dict[str, Listing]) -> dict[str, int]:
    """Return units by SKU. An inventory file does not name its marketplace: the one whose titles agree "
    "most wins."""

    def agreement(stock: list[FbaStock]) -> int:
        return sum(1 for entry in stock if (known := listings.get(entry.sku)) and known.title == entry.title)

    return {entry.sku: entry.quantity for stock in sorted(stocks, key=agreement) for entry in stock}
