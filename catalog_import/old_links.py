"""Old Amazon links lead on: `/a/<ASIN>` and `/s/<SKU>` to the product, in the visitor's market.

A seller prints these short addresses on leaflets and packages, or puts them where links to Amazon stood.
"""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from catalog_import.models import AmazonListing
from storefront.markets.editions import Edition, edition_by_code, open_editions, preferred_edition
from storefront.markets.middleware import EDITION_COOKIE


@require_safe
def follow_asin(request: HttpRequest, asin: str) -> HttpResponse:
    """Lead from an ASIN to its product."""
    return _lead_on(request, Q(asin=asin.upper()), asin)


@require_safe
def follow_sku(request: HttpRequest, sku: str) -> HttpResponse:
    """Lead from a seller's SKU, which may hold slashes, to its product."""
    return _lead_on(request, Q(sku=sku) | Q(sku=sku.rstrip("/")), sku)


def _lead_on(request: HttpRequest, wanted: Q, name: str) -> HttpResponse:
    """Redirect for good where the address leaves nothing to choose, for now where the visitor decides the market."""
    edition, is_chosen = _edition_for(request)
    product = None if "\0" in name else find_linked_product(wanted, edition=edition)  # PostgreSQL has no NUL
    if product is None:
        return render(request, "catalog_import/link_not_found.html", {"name": name[:60]}, status=404)
    own_prefix = request.edition.prefix if request.edition else ""
    path = product.get_absolute_url().removeprefix(own_prefix)
    address = edition.address(path) if edition else path
    if is_chosen:
        return HttpResponsePermanentRedirect(address)
    response = HttpResponseRedirect(address)
    patch_cache_control(response, private=True)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _edition_for(request: HttpRequest) -> tuple[Edition | None, bool]:
    """Return the edition to lead to, and whether it is the same for every visitor of this address."""
    named = request.edition
    if named is None or named.prefix or len(open_editions()) == 1:
        return named, True
    chosen = edition_by_code(request.COOKIES.get(EDITION_COOKIE, ""))
    return chosen or preferred_edition(request.headers.get("Accept-Language", "")) or named, False


def find_linked_product(wanted: Q, *, edition: Edition | None) -> Any:
    """Return the public product of a listing, or the page of its family; None where there is none.

    Of several, that of the visitor's own Amazon marketplace counts first, then the one that speaks for its product.
    """
    listings = AmazonListing.objects.filter(wanted, product__isnull=False)
    own = {code.lower() for code in edition.market.amazon_marketplaces} if edition else set()
    found = sorted(
        listings.select_related("product__parent").order_by("id"),
        key=lambda listing: (listing.marketplace not in own, not listing.is_primary),
    )
    for listing in found:
        product = listing.product
        pages = [product.parent] if product.parent_id and not product.is_public else [product]
        for page in pages:
            if page.is_public and (page.parent is None or page.parent.is_public):
                return page
    return None
