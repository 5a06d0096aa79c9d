"""The shop as the import of one marketplace asks it: a few queries for some thousand SKUs."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from django.conf import settings
from oscar.core.loading import get_model

from catalog_import.among import among
from catalog_import.known import ListingHead, Snapshot
from catalog_import.models import AmazonListing
from catalog_import.oscar_catalogue.changes import read_versions
from catalog_import.oscar_catalogue.snapshot import Scope, take_snapshot
from catalog_import.oscar_catalogue.taxonomy import OWN_PARTNER_CODE
from catalog_import.places import Place

_PART = 2000


class OscarShop:
    """Answers what `known.Shop` may be asked, from Oscar's tables."""

    def __init__(self, *, here: Place, places: Mapping[str, Place], now: datetime) -> None:
        self.here, self.language = here, settings.LANGUAGE_CODE
        self._places, self._now = places, now
        self._listings = AmazonListing.objects.filter(marketplace=here.marketplace)

    @cached_property
    def is_empty(self) -> bool:
        """Return whether it has no product and remembers no listing."""
        products = get_model("catalogue", "Product").objects
        return not products.exists() and not AmazonListing.objects.exists()

    def heads(self, skus: Collection[str]) -> dict[str, ListingHead]:
        """Return which of some SKUs this marketplace has, and what they are."""
        rows = among(AmazonListing.objects, "sku", skus).order_by()
        fields = ("marketplace", "sku", "product_id", "is_primary", "digest")
        found = [row[1:] for row in rows.values_list(*fields) if row[0] == self.here.marketplace]
        versions = read_versions({product_id for _, product_id, _, _ in found if product_id is not None})
        return {
            sku: ListingHead(product_id, is_primary, digest, versions.get(product_id, ""))
            for sku, product_id, is_primary, digest in found
        }

    def look(
        self,
        *,
        skus: Collection[str] = (),
        product_ids: Collection[int] = (),
        gtins: Collection[str] = (),
        asins: Collection[str] = (),
    ) -> Snapshot:
        """Return the products with one of these, and their parents, in full."""
        scope = Scope(skus=skus, product_ids=product_ids, gtins=gtins, asins=asins)
        return take_snapshot(here=self.here, places=self._places, now=self._now, scope=scope)

    def parents_among(self, skus: Collection[str]) -> set[str]:
        """Return those of some SKUs that are parents."""
        listed = among(AmazonListing.objects, "sku", skus).order_by()
        kinds = listed.values_list("sku", "product__structure")
        records = get_model("partner", "StockRecord").objects.filter(partner__code=OWN_PARTNER_CODE)
        stocked = among(records, "partner_sku", skus).order_by()
        return {
            sku
            for kind in (kinds, stocked.values_list("partner_sku", "product__structure"))
            for sku, structure in kind
            if structure == "parent"
        }

    def primaries(self) -> Iterator[dict[str, int]]:
        """Yield the SKUs that speak for products on this marketplace, with these, some at a time."""
        last = 0
        rows = self._listings.filter(is_primary=True, product_id__isnull=False).order_by("id")
        while part := list(rows.filter(id__gt=last).values_list("id", "sku", "product_id")[:_PART]):
            last = part[-1][0]
            yield {sku: product_id for _, sku, product_id in part}

    def skus_of(self, product_ids: Collection[int]) -> dict[str, int]:
        """Return the SKUs that this marketplace has of some products, with these."""
        rows = among(AmazonListing.objects, "product_id", product_ids).order_by()
        fields = rows.values_list("marketplace", "sku", "product_id")
        return {sku: key for marketplace, sku, key in fields if marketplace == self.here.marketplace}

    def variants_of(self, product_ids: Collection[int]) -> dict[int, int]:
        """Return the variants of some products, each with its parent."""
        products = get_model("catalogue", "Product").objects
        return dict(among(products, "parent_id", product_ids).order_by().values_list("id", "parent_id"))
