"""Writes one batch of a plan, whole families, into Oscar's tables; the caller holds the transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.known import Snapshot, seal
from catalog_import.marketplaces import Marketplace
from catalog_import.oscar_catalogue import rows, taxonomy
from catalog_import.oscar_catalogue.bulk import insert_rows, reserve_ids
from catalog_import.oscar_catalogue.changes import change_versions
from catalog_import.oscar_catalogue.copying import sending_ahead
from catalog_import.oscar_catalogue.prices import MarketPrices
from catalog_import.oscar_catalogue.slugs import make_slug, make_slugs
from catalog_import.plan import Entry, Withdrawal
from catalog_import.rights.models import HeldProduct
from catalog_import.rights.services import find_unconfirmed

_PLAIN_FIELDS = ("structure", "title", "description", "upc", "is_public")
_PLACE_FIELDS = frozenset(["structure", "parent_sku", "product_type"])
_NEW_PRODUCT_COLUMNS = (
    "id", "structure", "title", "slug", "description", "upc", "is_public", "product_class", "parent",
    "is_discountable", "priority", "date_created", "date_updated",
)  # fmt: skip


class CatalogueWriter:
    """Carries one batch of a plan out; `ids` has the products of its SKUs, those it made too."""

    def __init__(
        self,
        *,
        snapshot: Snapshot,
        marketplace: Marketplace,
        currency: str,
        now: datetime,
        digests: Mapping[str, str],
    ) -> None:
        """Take what the shop has of the batch; `currency` is that of the stock records' own prices.

        Prices change at `now`. `digests` are a plan's `settled`.
        """
        self._settled = digests
        self._digests: dict[str, str] = {}
        self._snapshot = snapshot
        self._marketplace = marketplace
        self._currency = currency
        self._prices = MarketPrices(
            market_id=snapshot.here.market_id, marketplace=marketplace.code, now=now
        )  # fmt: skip
        self.ids = dict(snapshot.product_ids)
        self._type_of_page: dict[int, str] = {}
        self._type_of_sku: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._attribute_values: dict[str, list[tuple[str, str]]] = {}

    def write(self, *, entries: Sequence[Entry], withdrawals: Sequence[Withdrawal]) -> None:
        """Write everything; as many queries for 500 products as for 2."""
        self.ids.update({entry.sku: entry.product_id for entry in entries if entry.product_id})
        known = [entry for entry in entries if entry.product_id is not None]
        if known or withdrawals or self._settled:
            noted = {note.sku for entry in known for note in entry.notes} | self._settled.keys()
            rows.hold_notes(noted | {each.note.sku for each in withdrawals})
        changed = {entry.product_id for entry in known} | {each.product_id for each in withdrawals}
        self._seal_digests(entries, change_versions(changed) if changed else {})
        if entries:
            self._prepare(entries)
            with sending_ahead():
                self._write_batch(entries)
        if withdrawals:
            self._withdraw(withdrawals)

        noted = {note.sku for entry in entries for note in entry.notes}
        rest = {sku: digest for sku, digest in self._digests.items() if sku not in noted}
        rows.settle(rest, marketplace=self._marketplace)

    def _seal_digests(self, entries: Sequence[Entry], versions: Mapping[int, tuple[str, str]]) -> None:
        """Have digests hold for the versions that products have now; where the plan saw another one there is none."""
        product_ids = {note.sku: entry.product_id for entry in entries for note in entry.notes}
        for sku, noted in self._settled.items():
            digest, _, seen = noted.partition(" ")
            before, now = versions.get(product_ids.get(sku) or 0, (seen, seen))
            self._digests[sku] = seal(digest, now) if before == seen else ""

    def _prepare(self, entries: Sequence[Entry]) -> None:
        """Make the partner, classes, attributes and categories that the entries need."""
        for entry in entries:
            if entry.changes.get("product_type"):
                product_type = str(entry.changes["product_type"])
                self._type_of_sku[entry.sku] = product_type
                if entry.product_id is not None:
                    self._type_of_page[entry.product_id] = product_type
        codes: dict[str, set[str]] = {}
        for entry in entries:
            needed = codes.setdefault(self._type_of(entry), {"brand"})
            values = self._attribute_values[entry.sku] = rows.attribute_values(entry)
            needed.update([code for code, _ in values])
        home = self._snapshot.language
        self._partners = taxonomy.ensure_partners(
            [
                taxonomy.OWN_PARTNER_CODE,
                *(
                    [taxonomy.FBA_PARTNER_CODE]
                    if any("fba_stock" in each.changes for each in entries)
                    else []
                ),
            ]
        )
        self._classes = taxonomy.ensure_classes(codes, home=home)
        self._attributes = taxonomy.ensure_attributes(
            {self._classes[taxonomy.class_slug(name)]: needed for name, needed in codes.items()}, home=home
        )
        self._categories = taxonomy.ensure_categories(
            paths={str(path) for entry in entries if (path := entry.category)},
            needed={str(path) for entry in entries if (path := entry.changes.get("category"))},
            home=home,
            language=self._marketplace.language,
        )

    def _write_batch(self, batch: Sequence[Entry]) -> None:
        created = [entry for entry in batch if entry.product_id is None]
        created.sort(key=lambda entry: entry.changes["structure"] == "child")  # pages come first
        if created:
            self._create_products(created)
        self._update_products([entry for entry in batch if entry.product_id is not None])
        own, fba = (self._partners.get(code) for code in taxonomy.STOCK_PLACES)
        rows.write_stock(batch, ids=self.ids, partner_id=own, currency=self._currency)
        if fba is not None:
            rows.write_fba_stock(batch, ids=self.ids, partner_id=fba, currency=self._currency)
        rows.write_attributes(
            batch, ids=self.ids, values=self._attribute_values, attribute_ids=self._attribute_ids
        )
        rows.write_categories(batch, ids=self.ids, category_ids=self._categories)
        rows.write_texts(batch, ids=self.ids)
        rows.write_option_texts(batch, ids=self.ids)
        self._prices.write([(self.ids[entry.sku], entry.changes) for entry in batch])
        notes = [(note, self.ids[entry.sku]) for entry in batch for note in entry.notes]
        rows.write_notes(
            notes, marketplace=self._marketplace, known=self._snapshot.listings, digests=self._digests
        )

    def _type_of(self, entry: Entry) -> str:
        """Return the product type of an entry's page: a variant has its parent's."""
        if entry.sku not in self._types:
            self._types[entry.sku] = self._find_type(entry)
        return self._types[entry.sku]

    def _find_type(self, entry: Entry) -> str:
        parent_sku = entry.changes.get("parent_sku")
        page_id = self.ids.get(str(parent_sku)) if parent_sku else entry.product_id
        if page_id is None:
            return self._type_of_sku.get(str(parent_sku or entry.sku), "")
        if not parent_sku and "structure" not in entry.changes:
            page_id = self._snapshot.products[page_id].parent_id or page_id
        if page_id not in self._type_of_page:
            page = self._snapshot.products.get(page_id)  # none where it was made a moment ago
            if page is None:
                return self._type_of_sku.get(str(parent_sku), "")
            self._type_of_page[page_id] = str(page.values["product_type"])
        return self._type_of_page[page_id]

    def _class_of(self, entry: Entry) -> int:
        return self._classes[taxonomy.class_slug(self._type_of(entry))]

    def _attribute_ids(self, entry: Entry) -> Mapping[str, int]:
        return self._attributes[self._class_of(entry)]

    def _create_products(self, entries: Sequence[Entry]) -> None:
        """Make products; those of a brand that nobody vouches for are held back from the start."""
        now = timezone.now()
        brands = {str(brand) for entry in entries if (brand := entry.changes.get("brand"))}
        unconfirmed = find_unconfirmed(brands) if brands else set()
        Product = get_model("catalogue", "Product")
        ids = reserve_ids(Product, len(entries))
        self.ids.update(zip((entry.sku for entry in entries), ids, strict=True))
        new: list[tuple[Any, ...]] = []
        held: list[tuple[int]] = []
        slugs = make_slugs(str(entry.changes["title"]) for entry in entries)
        for entry, slug in zip(entries, slugs, strict=True):
            values = entry.changes
            is_child = values["structure"] == "child"
            is_held = values["is_public"] and not is_child and values.get("brand") in unconfirmed
            if is_held:
                held.append((self.ids[entry.sku],))
            new.append(
                (
                    self.ids[entry.sku],
                    values["structure"],
                    values["title"],
                    slug,
                    values.get("description", ""),
                    values.get("upc"),
                    values["is_public"] and not is_held,
                    None if is_child else self._class_of(entry),
                    self.ids[str(values["parent_sku"])] if is_child else None,
                    True,
                    0,
                    now,
                    now,
                )
            )
        insert_rows(Product, _NEW_PRODUCT_COLUMNS, new)
        insert_rows(HeldProduct, ("product",), held)

    def _update_products(self, entries: Sequence[Entry]) -> None:
        Product = get_model("catalogue", "Product")
        relevant = _PLACE_FIELDS.union(_PLAIN_FIELDS)
        entries = [entry for entry in entries if relevant & entry.changes.keys()]
        if not entries:
            return
        products = Product.objects.in_bulk([entry.product_id for entry in entries])
        fields = {"date_updated"}
        captions: dict[int, str] = {}
        now = timezone.now()
        for entry in entries:
            product = products[entry.product_id]
            product.date_updated = now
            if entry.is_retitled:
                captions[product.pk] = product.title[:200]
                if product.slug == make_slug(product.title):
                    product.slug = make_slug(str(entry.changes["title"]))
                    fields.add("slug")
            for name in _PLAIN_FIELDS:
                if name in entry.changes:
                    setattr(product, name, entry.changes[name])
                    fields.add(name)
            if _PLACE_FIELDS & entry.changes.keys():
                self._place(product, entry)
                fields |= {"parent", "product_class"}
        Product.objects.bulk_update(products.values(), sorted(fields))
        rows.rewrite_captions(captions, titles={key: products[key].title for key in captions})
        _clear_forbidden([products[entry.product_id] for entry in entries if "structure" in entry.changes])

    def _place(self, product: Any, entry: Entry) -> None:
        """Give a product the parent or the class that its structure asks for."""
        if product.structure == "child":
            product.parent_id = self.ids[str(entry.parent_sku)]
            product.product_class_id = None
        else:
            product.parent_id = None
            product.product_class_id = self._class_of(entry)

    def _withdraw(self, withdrawals: Sequence[Withdrawal]) -> None:
        hidden = [each.product_id for each in withdrawals if each.changes.get("is_public") is False]
        unpriced = [each.product_id for each in withdrawals if "stock_price" in each.changes]
        now = timezone.now()
        get_model("catalogue", "Product").objects.filter(id__in=hidden).update(
            is_public=False, date_updated=now
        )
        get_model("partner", "StockRecord").objects.filter(
            product_id__in=unpriced, partner__code=taxonomy.OWN_PARTNER_CODE
        ).update(price=None, date_updated=now)
        self._prices.write([(each.product_id, each.changes) for each in withdrawals])
        rows.write_notes(
            [(each.note, each.product_id) for each in withdrawals],
            marketplace=self._marketplace,
            known=self._snapshot.listings,
            digests={},
        )


def _clear_forbidden(products: Sequence[Any]) -> None:
    """Remove what Oscar forbids after a change of structure: categories of children, stock of parents."""
    if not products:
        return
    children = [product.pk for product in products if product.structure == "child"]
    parents = [product.pk for product in products if product.structure == "parent"]
    get_model("catalogue", "ProductCategory").objects.filter(product_id__in=children).delete()
    get_model("partner", "StockRecord").objects.filter(product_id__in=parents).delete()
