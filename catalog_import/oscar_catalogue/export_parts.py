"""What each table says of some products, added to their objects; one or two queries each."""

import hashlib
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Q
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing, PictureJob
from catalog_import.open_format import Record
from catalog_import.picture_jobs import hash_in
from catalog_import.rights.models import HeldProduct
from storefront.core.money import currency_digits

Records: TypeAlias = dict[int, Record]
_SHA256 = re.compile(r"[0-9a-f]{64}")


def show_amount(amount: Decimal | None, currency: str) -> str | None:
    """Return an amount with its currency's digits, or more where it has more; None for none."""
    if amount is None:
        return None
    digits = max(currency_digits(currency), -int(amount.normalize().as_tuple().exponent))
    return f"{amount:.{digits}f}"


def read_classes() -> dict[int, Record]:
    """Return id -> product type; a shop has few."""
    rows = get_model("catalogue", "ProductClass").objects.order_by("id")
    return {
        key: {"code": slug, "name": name, "not_shipped": not is_shipped, "not_counted": not is_counted}
        for key, slug, name, is_shipped, is_counted in rows.values_list(
            "id", "slug", "name", "requires_shipping", "track_stock"
        )
    }


def add_held(records: Records) -> None:
    held = HeldProduct.objects.filter(product_id__in=records).order_by()
    for product_id in held.values_list("product_id", flat=True):
        records[product_id]["held"] = True


def add_options(records: Records) -> None:
    """Add how variants name their options, and to families the axes that their variants have."""
    rows = apps.get_model("markets", "OptionText").objects.order_by("id")
    fields = ("product_id", "product__parent_id", "language", "axis", "label", "value")
    axes: defaultdict[int, set[str]] = defaultdict(set)
    both = rows.filter(Q(product_id__in=records) | Q(product__parent_id__in=records))
    for product_id, parent_id, language, axis, label, value in both.values_list(*fields):
        if parent_id in records:
            axes[parent_id].add(axis)
        if product_id in records:
            option = records[product_id].setdefault("options", {}).setdefault(axis, {"texts": {}})
            option["texts"][language] = {"label": label, "value": value}
    for parent_id, found in axes.items():
        records[parent_id]["option_axes"] = sorted(found)


def add_attributes(records: Records) -> None:
    """Add the brand, the options' values, and the other attributes; files and references are left out."""
    AttributeValue = get_model("catalogue", "ProductAttributeValue")
    rows = AttributeValue.objects.filter(product_id__in=records).exclude(
        attribute__type__in=("entity", "file", "image")
    )
    rows = rows.select_related("attribute", "value_option").prefetch_related("value_multi_option")
    for row in rows.order_by("id"):
        record, code, kind = records[row.product_id], row.attribute.code, row.attribute.type
        value = row.value
        if code == "brand" and kind == "text":
            record["brand"] = value
        elif code in record.get("options", {}) and kind == "text":
            record["options"][code]["value"] = value
        else:
            said: Record = {"name": row.attribute.name, "type": kind}
            if kind == "multi_option":
                said["values"] = sorted(option.option for option in value)
            else:
                said["value"] = _show_value(value)
            record.setdefault("attributes", {})[code] = said


def _show_value(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def add_texts(records: Records) -> None:
    rows = apps.get_model("markets", "ProductText").objects.filter(product_id__in=records).order_by("id")
    fields = ("title", "description", "bullet_points", "specifications")
    for product_id, language, *values in rows.values_list("product_id", "language", *fields):
        records[product_id].setdefault("texts", {})[language] = dict(zip(fields, values, strict=True))


def add_stock(records: Records) -> None:
    rows = get_model("partner", "StockRecord").objects.filter(product_id__in=records).order_by("id")
    fields = (
        *("product_id", "partner__code", "partner_sku", "num_in_stock", "price", "price_currency"),
        "low_stock_threshold",
    )
    for product_id, partner, sku, quantity, price, currency, threshold in rows.values_list(*fields):
        records[product_id].setdefault("stock", {})[partner] = {
            "sku": sku,
            "quantity": quantity,
            "price": show_amount(price, currency),
            "currency": currency,
            "low_stock_threshold": threshold,
        }


def add_categories(records: Records) -> None:
    """Add the whole way to each category, so that another shop can make it."""
    Category = get_model("catalogue", "Category")
    rows = get_model("catalogue", "ProductCategory").objects.filter(product_id__in=records)
    pairs = list(rows.order_by().values_list("product_id", "category__path"))
    step = Category.steplen
    paths = {path[:end] for _, path in pairs for end in range(step, len(path) + 1, step)}
    found = {
        category.path: {
            "code": category.code,
            "name": category.name,
            "slug": category.slug,
            "description": category.description,
            "hidden": not category.is_public,
            "names": {text.language: text.name for text in category.texts.all()},
        }
        for category in Category.objects.filter(path__in=paths).order_by("path").prefetch_related("texts")
    }
    ways: defaultdict[int, list[list[Record]]] = defaultdict(list)
    for product_id, path in pairs:
        ways[product_id].append([found[path[:end]] for end in range(step, len(path) + 1, step)])
    for product_id, each in ways.items():
        each.sort(key=lambda way: [(part["name"], part["code"] or "", part["slug"]) for part in way])
        records[product_id]["categories"] = each


def add_tax(records: Records) -> None:
    rows = apps.get_model("markets", "ProductTaxClass").objects.filter(product_id__in=records).order_by("id")
    for product_id, tax_class, stripe_code in rows.values_list("product_id", "tax_class", "stripe_code"):
        records[product_id] |= {"tax_class": tax_class, "stripe_tax_code": stripe_code}


def add_offers(records: Records, now: datetime) -> None:
    """Add the lasting price in force in each market, those that lie over it or follow, and where it is not sold."""
    prices = apps.get_model("markets", "MarketPrice").objects.filter(product_id__in=records)
    fields = ("product_id", "market__code", "market__currency", "amount", "list_price", "valid_from",
              "valid_until", "is_temporary")  # fmt: skip
    rows = prices.filter(Q(valid_until=None) | Q(valid_until__gt=now)).order_by("valid_from", "id")
    in_force: dict[tuple[int, str], tuple[Record, dict[str, Any]]] = {}
    for product_id, market, currency, amount, list_price, begins, ends, is_temporary in rows.values_list(
        *fields
    ):
        offer = records[product_id].setdefault("offers", {}).setdefault(market, {"currency": currency})
        said = {
            "price": show_amount(amount, currency),
            "list_price": show_amount(list_price, currency),
            "until": ends and ends.isoformat(),
        }
        if is_temporary or begins > now:
            offer.setdefault("periods", []).append(
                {"from": begins.isoformat() if begins > now else None} | said
            )
        else:
            in_force[product_id, market] = offer, said  # the one begun last
    for offer, said in in_force.values():
        offer |= said
    blocks = apps.get_model("markets", "MarketBlock").objects.filter(product_id__in=records).order_by("id")
    for product_id, market, reason in blocks.values_list("product_id", "market__code", "reason"):
        offer = records[product_id].setdefault("offers", {}).setdefault(market, {})
        offer |= {"blocked": True, "block_reason": reason}


def add_listings(records: Records, *, with_amazon: bool) -> None:
    """Add each marketplace's listings; withdrawn is what no marketplace lists any more."""
    rows = AmazonListing.objects.filter(product_id__in=records).order_by("-is_primary", "sku")
    fields = ("product_id", "marketplace", "sku", "asin", "is_primary", "imported")
    for product_id, marketplace, sku, asin, is_primary, imported in rows.values_list(*fields):
        said: Record = {"sku": sku, "asin": asin, "withdrawn": imported.get("is_listed") is False}
        if with_amazon:
            said["last_import"] = imported
        listings = records[product_id].setdefault("listings", {})
        if is_primary and "sku" not in listings.get(marketplace, {}):
            listings[marketplace] = said
        else:
            listings.setdefault(marketplace, {}).setdefault("twins", []).append(said)
    for record in records.values():
        speaking = [each for each in record.get("listings", {}).values() if "sku" in each]
        record["withdrawn"] = bool(speaking) and all(each["withdrawn"] for each in speaking)


def add_pictures(records: Records) -> None:
    """Add the pictures in order, with where they came from, and those still to be fetched."""
    jobs = PictureJob.objects.filter(product_id__in=records).exclude(state=PictureJob.State.DROPPED)
    jobs = jobs.order_by("product_id", "position", "id")
    sources: dict[tuple[int, str], str] = {}
    for job in jobs:
        if job.state == PictureJob.State.DONE:
            sources.setdefault((job.product_id, job.sha256), job.source_url)
        else:
            said = {"order": job.position, "sha256": job.sha256, "source": job.source_url}
            records[job.product_id].setdefault("pictures", []).append(said)
    images = get_model("catalogue", "ProductImage").objects.filter(product_id__in=records)
    fields = ("product_id", "original", "caption", "display_order")
    for product_id, name, caption, order in images.order_by("display_order", "id").values_list(*fields):
        sha256 = hash_of(name)
        source = sources.get((product_id, sha256))
        said = {"order": order, "sha256": sha256, "source": source}
        if caption != (records[product_id]["title"] or "")[:200]:
            said["caption"] = caption
        records[product_id].setdefault("pictures", []).append(said)
    for record in records.values():
        for_order = lambda each: (each["order"], each["sha256"], each["source"] or "")  # noqa: E731
        record.get("pictures", []).sort(key=for_order)


def hash_of(name: str) -> str:
    """Return the SHA-256 of a stored picture: by its name where it is named after it, else of its bytes."""
    if _SHA256.fullmatch(hash_in(name)):
        return hash_in(name)
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name) as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()
