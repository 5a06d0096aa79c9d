"""What hangs on restored products: texts, stock, categories, offers, listings; sets of rows are replaced."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.apps import apps
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing
from catalog_import.open_format import Record
from catalog_import.oscar_catalogue.bulk import insert_rows, upsert_rows
from catalog_import.oscar_catalogue.taxonomy import DEFAULT_CLASS_SLUG, OWN_PARTNER_CODE, ensure_partners
from catalog_import.rights.models import HeldProduct
from storefront.markets.services.price_book import PriceBook, PriceToSet

Pairs: TypeAlias = Sequence[tuple[int, Record]]
Note: TypeAlias = Callable[[str, str], None]
_SOURCE = "catalogue file"


def ensure_classes(said: Collection[Record]) -> dict[str, int]:
    """Return code -> id of the product types, made where missing."""
    ProductClass = get_model("catalogue", "ProductClass")
    found = dict(ProductClass.objects.order_by("id").values_list("slug", "id"))
    wanted = {each["code"]: each for each in said if each.get("code")}
    if DEFAULT_CLASS_SLUG not in found:
        wanted.setdefault(DEFAULT_CLASS_SLUG, {"name": "Products"})
    for code, each in sorted(wanted.items()):
        if code not in found:
            found[code] = ProductClass.objects.create(
                slug=code,
                name=each.get("name", code),
                requires_shipping=not each.get("not_shipped", False),
                track_stock=not each.get("not_counted", False),
            ).pk
    return found


def write_texts(pairs: Pairs, *, clean: Callable[[str], str]) -> None:
    rows = [
        (
            key,
            language,
            text.get("title", ""),
            clean(text.get("description", "")),
            text.get("bullet_points", []),
            text.get("specifications", []),
        )
        for key, record in pairs
        for language, text in record.get("texts", {}).items()
    ]
    columns = ("product", "language", "title", "description", "bullet_points", "specifications")
    upsert_rows(apps.get_model("markets", "ProductText"), columns, rows, unique=("product", "language"))


def write_stock(pairs: Pairs) -> None:
    """Give products the stock records that they name; how much of one is promised to orders stays."""
    StockRecord = get_model("partner", "StockRecord")
    partners = ensure_partners({code for _, record in pairs for code in record.get("stock", {})})
    keys = [key for key, record in pairs if record.get("stock")]
    found = {
        (row.product_id, row.partner_id): row
        for row in StockRecord.objects.filter(product_id__in=keys).order_by("-id")
    }
    new = []
    changed = []
    for key, record in pairs:
        # The own warehouse first: a product is known by the record that was made first.
        for code, said in sorted(
            record.get("stock", {}).items(), key=lambda each: each[0] != OWN_PARTNER_CODE
        ):
            row = found.get((key, partners[code]))
            (changed if row else new).append(
                row := row or StockRecord(product_id=key, partner_id=partners[code])
            )
            row.partner_sku = said.get("sku", record["sku"])
            row.num_in_stock = said.get("quantity")
            row.price = Decimal(said["price"]) if "price" in said else None
            row.price_currency = said.get("currency", row.price_currency)
            row.low_stock_threshold = said.get("low_stock_threshold")
    StockRecord.objects.bulk_create(new)
    fields = ("partner_sku", "num_in_stock", "price", "price_currency", "low_stock_threshold")
    StockRecord.objects.bulk_update(changed, fields)


def write_categories(pairs: Pairs) -> None:
    """Put products into the categories they name, which are made where missing."""
    touched = [(key, record["categories"]) for key, record in pairs if record.get("categories")]
    if not touched:
        return
    ProductCategory = get_model("catalogue", "ProductCategory")
    found = _ensure_categories([way for _, ways in touched for way in ways])
    ProductCategory.objects.filter(product_id__in=[key for key, _ in touched]).delete()
    rows = [(key, found[_name_way(way)]) for key, ways in touched for way in ways]
    insert_rows(ProductCategory, ("product", "category"), sorted(set(rows)))


def _name_way(way: Sequence[Record]) -> tuple[str, ...]:
    """Return what tells one category from another: its code, else its names from the root on."""
    if way[-1].get("code"):
        return ("", way[-1]["code"])
    return tuple(part.get("code") or part.get("name", "") for part in way)


def _ensure_categories(ways: Sequence[Sequence[Record]]) -> dict[tuple[str, ...], int]:
    Category = get_model("catalogue", "Category")
    found: dict[tuple[str, ...], int] = {}
    shop: dict[str, list[str]] = {}
    for pk, path, code, name in Category.objects.order_by("path").values_list("pk", "path", "code", "name"):
        shop[path] = [*shop.get(path[: -Category.steplen], []), code or name]
        found.setdefault(("", code) if code else tuple(shop[path]), pk)
    for way in ways:
        parent = None
        for end in range(1, len(way) + 1):
            name = _name_way(way[:end])
            if name not in found:
                found[name] = _make_category(way[end - 1], parent)
            parent = found[name]
    return found


def _make_category(said: Record, parent: int | None) -> int:
    Category = get_model("catalogue", "Category")
    add = Category.objects.get(pk=parent).add_child if parent else Category.add_root
    category = add(
        name=said.get("name", ""),
        code=said.get("code"),
        slug=said.get("slug", ""),
        description=said.get("description", ""),
        is_public=not said.get("hidden", False),
    )
    CategoryText = apps.get_model("markets", "CategoryText")
    CategoryText.objects.bulk_create(
        CategoryText(category=category, language=language, name=name)
        for language, name in said.get("names", {}).items()
    )
    return int(category.pk)


def write_tax(pairs: Pairs) -> None:
    rows = [
        (key, record["tax_class"], record.get("stripe_tax_code", ""))
        for key, record in pairs
        if record.get("tax_class")
    ]
    columns = ("product", "tax_class", "stripe_code")
    upsert_rows(apps.get_model("markets", "ProductTaxClass"), columns, rows, unique=("product",))


def write_held(pairs: Pairs) -> None:
    rows = [(key,) for key, record in pairs if record.get("held")]
    upsert_rows(HeldProduct, ("product",), rows, unique=("product",))


def write_offers(pairs: Pairs, *, now: datetime, note: Note) -> None:
    """Set the prices that differ, each with its place in the history, and the blocks."""
    markets = {market.code: market for market in apps.get_model("markets", "Market").objects.order_by("pk")}
    offered = [(key, record) for key, record in pairs if record.get("offers")]
    used = sorted({code for _, record in offered for code in record["offers"]} & markets.keys())
    blocks = []
    book = PriceBook(
        product_ids=[key for key, _ in offered], markets=[markets[code] for code in used], now=now
    )
    for key, record in offered:
        for code, offer in record["offers"].items():
            market = markets.get(code)
            if market is None:
                note(
                    record["sku"], f"offers.{code}: the shop has no such market. Make it, then do this again."
                )
                continue
            if offer.get("blocked"):
                blocks.append((key, market.pk, offer.get("block_reason", "")))
            periods = [offer, *offer.get("periods", [])] if "price" in offer else offer.get("periods", [])
            if periods and offer.get("currency", market.currency) != market.currency:
                note(record["sku"], f"offers.{code}: the market sells in {market.currency}.")
                continue
            for period in periods:
                _enter_price(book, key, market, period, is_first=period is offer, now=now)
    book.close()
    columns = ("product", "market", "reason")
    upsert_rows(apps.get_model("markets", "MarketBlock"), columns, blocks, unique=("product", "market"))


def _enter_price(
    book: PriceBook, key: int, market: Any, period: Record, *, is_first: bool, now: datetime
) -> None:
    """Set one price; one that lasts until another follows ends when that one begins."""
    begins = datetime.fromisoformat(period["from"]) if "from" in period else now
    ends = None if is_first or "until" not in period else datetime.fromisoformat(period["until"])
    if ends is not None and ends <= now:
        return
    book.enter(
        PriceToSet(
            product_id=key,
            market=market,
            amount=Decimal(period["price"]),
            list_price=Decimal(period["list_price"]) if "list_price" in period else None,
            valid_from=max(begins, now),
            valid_until=ends,
            source=_SOURCE,
        )
    )


def write_listings(pairs: Pairs) -> None:
    """Remember under which SKUs Amazon lists the products, and which pictures it names."""
    rows = []
    for key, record in pairs:
        pictures = [[each["source"], "other"] for each in record.get("pictures", []) if each.get("source")]
        for marketplace, listing in record.get("listings", {}).items():
            for number, said in enumerate([listing, *listing.get("twins", [])]):
                if "sku" not in said:
                    continue
                known = said.get("last_import")
                imported: Record = dict(known) if isinstance(known, dict) else {}
                if not imported:
                    imported = {"asin": said["asin"]} if said.get("asin") else {}
                    if said.get("withdrawn"):
                        imported["is_listed"] = False
                    if pictures and not number:
                        imported["pictures"] = pictures
                rows.append((marketplace, said["sku"], key, not number, said.get("asin", ""), imported))
    columns = ("marketplace", "sku", "product", "is_primary", "asin", "imported")
    upsert_rows(AmazonListing, columns, rows, unique=("marketplace", "sku"))
