"""Addresses of and about products: every page writes dozens, and reverse() thinks anew about each."""

import re
from functools import lru_cache

from django.urls import get_script_prefix, reverse

_PLAIN_SLUG = re.compile(r"[A-Za-z0-9_-]+")
_ADDRESSES_KNOWN = 512  # pages, times editions
_ANY_KEY = 7_777_777


def product_url(*, slug: str, pk: int, page: str = "catalogue:detail") -> str:
    """Return where a product's page is in the shopper's edition, or another `page` below it."""
    before, found, after = _around_product(page, get_script_prefix())
    if found and _PLAIN_SLUG.fullmatch(slug):
        return f"{before}{slug}_{pk}{after}"
    return reverse(page, args=[slug, pk])


def keyed_url(page: str, key: int) -> str:
    """Return the address, in the shopper's edition, of a page whose address has one key."""
    before, found, after = _around_key(page, get_script_prefix())
    return f"{before}{key}{after}" if found else reverse(page, args=[key])


@lru_cache(_ADDRESSES_KNOWN)
def _around_product(page: str, prefix: str) -> tuple[str, str, str]:
    """Return what stands before and after slug and key, which Oscar joins by an underscore."""
    return reverse(page, args=["a-slug", _ANY_KEY]).partition(f"a-slug_{_ANY_KEY}")


@lru_cache(_ADDRESSES_KNOWN)
def _around_key(page: str, prefix: str) -> tuple[str, str, str]:
    return reverse(page, args=[_ANY_KEY]).partition(str(_ANY_KEY))
