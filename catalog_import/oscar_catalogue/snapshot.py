"""The shop's catalogue, or some products of it, as plain values, read with one query per table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from oscar.core.loading import get_model

from catalog_import.among import BY_ID, among
from catalog_import.drafts import Values
from catalog_import.known import (
    KnownListing,
    KnownProduct,
    OtherListing,
    Snapshot,
    gtin_key,
    gtin_spellings,
)
from catalog_import.models import AmazonListing
from catalog_import.oscar_catalogue.changes import read_versions
from catalog_import.oscar_catalogue.taxonomy import (
    DEFAULT_CLASS_SLUG,
    FBA_PARTNER_CODE,
    OWN_PARTNER_CODE,
)
from catalog_import.places import Place
from catalog_import.rights.selectors import held_ids


@dataclass(frozen=True, slots=True)
class Scope:
    """What to look for: products with these SKUs on any marketplace, product codes, ASINs or ids."""

    skus: Collection[str] = ()
    gtins: Collection[str] = ()
    asins: Collection[str] = ()
    product_ids: Collection[int] = ()


def take_snapshot(*, here: Place, places: Mapping[str, Place], now: datetime, scope: Scope) -> Snapshot:
    """Return the products a scope names, and their parents: what one marketplace may write, what all imported."""
    snapshot = Snapshot(here=here, language=settings.LANGUAGE_CODE)
    found = _find_products(scope)
    if found:
        _read_products(snapshot, found)
    _read_listings(snapshot, places, found, scope.skus)
    if found:
        _read_stock(snapshot, found)
        _read_attributes(snapshot, found)
        _read_texts(snapshot, found)
        _read_prices(snapshot, now, found)
    return snapshot


def _find_products(scope: Scope) -> set[int]:
    """Return the ids of the products that a scope names, and of their parents."""
    Product = get_model("catalogue", "Product")
    found = set(scope.product_ids)
    listings = AmazonListing.objects.filter(product_id__isnull=False).order_by()
    if scope.skus:
        found.update(among(listings, "sku", scope.skus).values_list("product_id", flat=True))
        partners = get_model("partner", "Partner").objects.filter(code=OWN_PARTNER_CODE).order_by()
        for partner_id in partners.values_list("id", flat=True):
            records = get_model("partner", "StockRecord").objects.filter(partner_id=partner_id)
            own = among(records, "partner_sku", scope.skus)
            found.update(own.order_by().values_list("product_id", flat=True))
    if scope.asins:
        found.update(among(listings, "asin", scope.asins).values_list("product_id", flat=True))
    if scope.gtins:
        codes = {code for gtin in scope.gtins for code in gtin_spellings(gtin)}
        found.update(among(Product.objects, "upc", codes).order_by().values_list("id", flat=True))
    if not found:
        return found
    kept = among(Product.objects, "id", found).order_by().values_list("id", "parent_id")
    return {key for pair in kept for key in pair if key is not None}


def _read_products(snapshot: Snapshot, found: set[int]) -> None:
    versions = read_versions(found)  # before all else: what is changed from now on is of a later one
    fields = [
        "id",
        "structure",
        "parent_id",
        "title",
        "description",
        "upc",
        "is_public",
        "product_class__slug",
    ]
    products = among(get_model("catalogue", "Product").objects, "id", found)
    held = held_ids(found)  # not shown for want of rights, which is no decision of the merchant's
    for row in products.order_by(BY_ID).values_list(*fields):
        product_id, structure, parent_id, title, description, upc, is_public, class_slug = row
        values: Values = {
            "structure": structure,
            "title": title,
            "description": description,
            "upc": upc,
            "is_public": is_public or product_id in held,
            "product_type": "" if class_slug in (None, DEFAULT_CLASS_SLUG) else class_slug.upper(),
        }
        snapshot.products[product_id] = KnownProduct(values, parent_id, versions.get(product_id, ""))
        if upc:
            snapshot.product_id_of_gtin.setdefault(gtin_key(upc), product_id)
    categories = among(get_model("catalogue", "ProductCategory").objects, "product_id", found).order_by(BY_ID)
    for product_id, key, code in categories.values_list("product_id", "category_id", "category__code"):
        snapshot.products[product_id].category_codes.add(code or f"#{key}")


def _read_listings(
    snapshot: Snapshot, places: Mapping[str, Place], found: set[int], skus: Collection[str]
) -> None:
    """Read what every marketplace said: this one's listings by SKU, the others' by product."""
    rows = AmazonListing.objects.order_by(BY_ID)
    parts = [among(rows, "product_id", found), among(rows.filter(product_id=None), "sku", skus)]
    fields = ("marketplace", "sku", "product_id", "is_primary", "asin", "imported")
    listed = chain.from_iterable(part.values_list(*fields).iterator() for part in parts)
    for marketplace, sku, product_id, is_primary, asin, imported in listed:
        place = places[marketplace]
        if place == snapshot.here:
            snapshot.listings[sku] = KnownListing(product_id, is_primary, imported)
        if product_id is None:
            continue
        snapshot.note_sku(sku, product_id)
        if place != snapshot.here:
            if is_primary:
                snapshot.products[product_id].others.append(OtherListing(place, sku, imported))
            if asin and not imported.get("condition"):
                snapshot.product_ids_of_asin.setdefault(asin, set()).add(product_id)


def _read_stock(snapshot: Snapshot, found: set[int]) -> None:
    records = get_model("partner", "StockRecord").objects
    fields = ("product_id", "partner__code", "partner_sku", "price", "num_in_stock")
    for product_id, place, sku, price, stock in (
        among(records, "product_id", found).order_by(BY_ID).values_list(*fields)
    ):
        values = snapshot.products[product_id].values
        if place == FBA_PARTNER_CODE:
            values["fba_stock"] = stock
        if place != OWN_PARTNER_CODE:
            continue
        snapshot.product_ids.setdefault(sku, product_id)
        values["stock_price"] = None if price is None else f"{price:.2f}"
        values["stock"] = stock
        values["sku"] = sku


def _read_attributes(snapshot: Snapshot, found: set[int]) -> None:
    AttributeValue = get_model("catalogue", "ProductAttributeValue")
    rows = among(AttributeValue.objects, "product_id", found).order_by(BY_ID)
    fields = ("product_id", "attribute__code", "attribute__type", "value_text")
    for product_id, code, kind, text in rows.values_list(*fields):
        product = snapshot.products[product_id]
        if kind != "text":
            continue
        if code == "brand":
            product.values["brand"] = text
        else:
            product.attributes[code] = text


def _read_texts(snapshot: Snapshot, found: set[int]) -> None:
    texts = among(apps.get_model("markets", "ProductText").objects, "product_id", found).order_by(BY_ID)
    fields = ("product_id", "language", "title", "description", "bullet_points", "specifications")
    for product_id, language, title, description, bullets, specifications in texts.values_list(*fields):
        snapshot.products[product_id].texts[language] = {
            "text_title": title,
            "text_description": description,
            "bullet_points": bullets,
            "specifications": specifications,
        }
    options = among(apps.get_model("markets", "OptionText").objects, "product_id", found).order_by(BY_ID)
    for product_id, language, axis, value in options.values_list("product_id", "language", "axis", "value"):
        snapshot.products[product_id].option_texts.setdefault(language, {})[axis] = value


def _read_prices(snapshot: Snapshot, now: datetime, found: set[int]) -> None:
    """Read the lasting price in force in the marketplace's market, and the temporary one that is or comes next."""
    if snapshot.here.market_id is None:
        return
    rows = apps.get_model("markets", "MarketPrice").objects.filter(market_id=snapshot.here.market_id)
    rows = (
        among(rows, "product_id", found)
        .filter(Q(valid_until=None) | Q(valid_until__gt=now))
        .order_by("valid_from", BY_ID)
    )
    fields = ("product_id", "amount", "list_price", "valid_from", "valid_until", "is_temporary")
    for product_id, amount, list_price, begins, ends, is_temporary in rows.values_list(*fields):
        values = snapshot.products[product_id].values
        if is_temporary:
            sale = {"amount": f"{amount:.2f}", "list_price": f"{list_price:.2f}" if list_price else None}
            values["market_sale"] = sale | {"starts": begins.isoformat(), "ends": ends.isoformat()}
        elif begins <= now or "market_price" not in values:
            values["market_price"] = f"{amount:.2f}"
