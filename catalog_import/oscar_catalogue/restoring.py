"""Writes the open format's objects into the catalogue, a batch at a time; the caller holds the transaction.

What an object does not say stays as it is in the shop.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import nh3
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from catalog_import.open_format import Record
from catalog_import.oscar_catalogue import restoring_parts as parts
from catalog_import.oscar_catalogue.restoring_attributes import write_attributes, write_option_texts
from catalog_import.oscar_catalogue.restoring_pictures import StoredPictures, write_pictures
from catalog_import.oscar_catalogue.taxonomy import DEFAULT_CLASS_SLUG

_FIELDS = {
    "published": "is_public",
    "gtin": "upc",
    "title": "title",
    "slug": "slug",
    "description": "description",
    "meta_title": "meta_title",
    "meta_description": "meta_description",
    "priority": "priority",
}
_WRITTEN = (*_FIELDS.values(), "structure", "parent", "product_class", "is_discountable", "date_updated")


@dataclass(slots=True)
class CatalogueRestorer:
    """Writes batches; `ids` are the products of the shop by SKU, those it made too; `problems` what was left out."""

    ids: dict[str, int]
    pictures: StoredPictures
    now: datetime
    problems: list[tuple[str, str]] = field(default_factory=list)

    def write(self, records: Sequence[Record]) -> None:
        """Write products with all that hangs on them; a child's parent has been written before it."""
        class_of = self._write_products(records)
        pairs = [(self.ids[record["sku"]], record) for record in records]
        write_attributes(pairs, class_of=class_of, note=self._note)
        write_option_texts(pairs)
        parts.write_texts(pairs, clean=clean_html)
        parts.write_stock(pairs)
        parts.write_categories(pairs)
        parts.write_tax(pairs)
        parts.write_held(pairs)
        parts.write_offers(pairs, now=self.now, note=self._note)
        parts.write_listings(pairs)
        write_pictures(pairs, stored=self.pictures, note=self._note)

    def _note(self, sku: str, text: str) -> None:
        self.problems.append((sku, text))

    def _write_products(self, records: Sequence[Record]) -> dict[int, int | None]:
        """Write the products; return the class that each one's attributes belong to."""
        Product = get_model("catalogue", "Product")
        classes = parts.ensure_classes([record.get("product_type", {}) for record in records])
        known_ids = [self.ids[record["sku"]] for record in records if record["sku"] in self.ids]
        known = Product.objects.in_bulk(known_ids)
        parents = {self.ids[record["parent_sku"]] for record in records if record.get("parent_sku")}
        class_of_parent = dict(
            Product.objects.filter(pk__in=parents).order_by().values_list("pk", "product_class_id")
        )
        new: list[tuple[str, Any]] = []
        for record in records:
            product = known.get(self.ids.get(record["sku"], 0))
            if product is None:
                product = Product(title=record.get("title", record["sku"])[:255], priority=0)
                product.slug = record.get("slug") or slugify(product.title)[:255]
                new.append((record["sku"], product))
            self._set_fields(product, record, classes)
        Product.objects.bulk_create([product for _, product in new])
        Product.objects.bulk_update(known.values(), _WRITTEN)
        self.ids.update((sku, product.pk) for sku, product in new)
        written = [*known.values(), *(product for _, product in new)]
        return {
            product.pk: class_of_parent.get(product.parent_id) or product.product_class_id
            for product in written
        }

    def _set_fields(self, product: Any, record: Record, classes: Mapping[str, int]) -> None:
        for name, column in _FIELDS.items():
            if name in record:
                value = record[name]
                setattr(product, column, clean_html(value) if name == "description" else value)
        product.structure = record["structure"]
        product.is_discountable = not record.get("not_discountable", False)
        product.date_updated = timezone.now()
        if record["structure"] == "child":
            product.parent_id, product.product_class_id = self.ids[record["parent_sku"]], None
            return
        product.parent_id = None
        code = record.get("product_type", {}).get("code", "")
        if code or not product.product_class_id:
            product.product_class_id = classes[code or DEFAULT_CLASS_SLUG]


def clean_html(html: str) -> str:
    """Return harmless HTML: what was harmless stays as it was written, to the letter."""
    cleaned = nh3.clean(html, link_rel=None)
    return html if _spell(html) == _spell(cleaned) else cleaned


def _spell(html: str) -> str:
    """Return HTML with what cleaning spells anew in one spelling: ends of lines, and `&` for `&amp;`."""
    html = html.replace("\r\n", "\n").replace("\r", "\n").replace("&nbsp;", "\xa0")
    return html.replace("&quot;", '"').replace("&#39;", "'").replace("&amp;", "&")
