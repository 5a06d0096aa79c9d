"""The categories of a sitemap: those in which the edition's market sells something."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max, QuerySet
from oscar.core.loading import get_model

from storefront.search.navigation import link_categories, with_names
from storefront.search.shopper import current_shopper
from storefront.seo.addresses import Addresses
from storefront.seo.ranges import RANGE_SIZE
from storefront.seo.sitemap_files import SitemapEntry


def newest_categories(addresses: Addresses) -> dict[int, datetime | None]:
    """Return the files of categories and when the newest product of each changed; two queries."""
    sold = _read_sold(addresses)
    newest: dict[int, datetime | None] = {}
    for key, path in _browsable().values_list("pk", "path").iterator():
        if changed_at := sold.get(path, {}).get(addresses.edition.market.pk):
            newest[key // RANGE_SIZE] = max(newest.get(key // RANGE_SIZE) or changed_at, changed_at)
    return newest


def list_categories(addresses: Addresses, number: int) -> Iterator[SitemapEntry]:
    """Yield the categories of a file; two queries."""
    sold = _read_sold(addresses)
    categories = list(with_names(_browsable(), current_shopper()))
    for category, link in zip(categories, link_categories(categories), strict=True):
        markets = sold.get(category.path, {})
        changed_at = markets.get(addresses.edition.market.pk)
        if changed_at is None or category.pk // RANGE_SIZE != number:
            continue
        path = addresses.inner_path(link.url)
        yield SitemapEntry(
            url=addresses.at(addresses.edition, path),
            changed_at=changed_at,
            alternates=addresses.alternates(
                (edition, path) for edition in addresses.of_markets(set(markets))
            ),
        )


def _browsable() -> QuerySet:
    return get_model("catalogue", "Category").objects.browsable().order_by("path")


def _read_sold(addresses: Addresses) -> dict[str, dict[int, datetime]]:
    """Return by place in the tree the markets that sell something there or below, and when the newest of it changed."""
    everywhere = {edition.market.pk for edition in addresses.editions}
    rows = (
        get_model("catalogue", "ProductCategory")
        .objects.filter(product__is_public=True, product__search_listings__market__in=everywhere)
        .values("category__path", "product__search_listings__market")
        .annotate(newest=Max("product__date_updated"))
        .order_by("category__path", "product__search_listings__market")
        .values_list("category__path", "product__search_listings__market", "newest")
    )
    step = get_model("catalogue", "Category").steplen
    sold: defaultdict[str, dict[int, datetime]] = defaultdict(dict)
    for path, market_id, newest in rows.iterator():
        for end in range(step, len(path) + 1, step):
            above = sold[path[:end]]
            above[market_id] = max(above.get(market_id, newest), newest)
    return sold
