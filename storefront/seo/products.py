"""The products of a sitemap: what the edition's market sells, each once, with its pictures."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.urls import reverse
from oscar.core.loading import get_model

from storefront.search.models import SearchListing
from storefront.seo.addresses import Addresses
from storefront.seo.ranges import keys_of, newest_by_range
from storefront.seo.sitemap_files import MAX_PICTURES, SitemapEntry
from storefront.theming.pictures import RENDITION_WIDTHS, rendition_name


def newest_products(addresses: Addresses) -> dict[int, datetime | None]:
    """Return the files of products and when the newest of each changed."""
    return newest_by_range(_sold_in(addresses), key="product_id", changed_at="product__date_updated")


def list_products(addresses: Addresses, number: int) -> Iterator[SitemapEntry]:
    """Yield the products of a file at the address their variants call canonical; three queries."""
    keys = keys_of(number)
    markets = _read_markets(addresses, keys)
    pictures = _read_pictures(keys)
    rows = _sold_in(addresses).filter(product__id__range=keys).order_by("product_id")
    products = rows.values_list("product", "product__slug", "product__date_updated")
    for key, slug, changed_at in products.iterator():
        path = addresses.inner_path(reverse("catalogue:detail", kwargs={"product_slug": slug, "pk": key}))
        yield SitemapEntry(
            url=addresses.at(addresses.edition, path),
            changed_at=changed_at,
            pictures=tuple(addresses.absolute(_picture_address(name)) for name in pictures.get(key, ())),
            alternates=addresses.alternates(
                (edition, path) for edition in addresses.of_markets(markets[key])
            ),
        )


def _sold_in(addresses: Addresses) -> QuerySet:
    return SearchListing.objects.filter(market=addresses.edition.market, product__is_public=True)


def _picture_address(name: str) -> str:
    return default_storage.url(rendition_name(name, RENDITION_WIDTHS[-1]))


def _read_markets(addresses: Addresses, keys: tuple[int, int]) -> dict[int, set[int]]:
    """Return the open markets that sell each product."""
    everywhere = {edition.market.pk for edition in addresses.editions}
    rows = SearchListing.objects.filter(market__in=everywhere, product__id__range=keys).order_by("pk")
    markets: defaultdict[int, set[int]] = defaultdict(set)
    for product_id, market_id in rows.values_list("product", "market").iterator():
        markets[product_id].add(market_id)
    return markets


def _read_pictures(keys: tuple[int, int]) -> dict[int, list[str]]:
    """Return the pictures of each product and, after its own, of its public variants, each once."""
    rows = (
        get_model("catalogue", "ProductImage")
        .objects.filter(
            Q(product__id__range=keys) | Q(product__is_public=True, product__parent__id__range=keys)
        )
        .order_by("product_id", "display_order", "id")
        .values_list("product", "product__parent", "original")
    )
    own: defaultdict[int, list[str]] = defaultdict(list)
    variants: defaultdict[int, list[str]] = defaultdict(list)
    for product_id, parent_id, name in rows.iterator():
        names = variants[parent_id] if parent_id else own[product_id]
        if len(names) < MAX_PICTURES and name not in names:
            names.append(name)
    return {key: list(dict.fromkeys([*own[key], *variants[key]])) for key in {*own, *variants}}
