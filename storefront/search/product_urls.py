"""The address of a product's page: every page writes dozens, and reverse() thinks anew about each."""

import re
from functools import lru_cache

from django.urls import get_script_prefix, reverse

_PLAIN_SLUG = re.compile(r"[A-Za-z0-9_-]+")
_EDITIONS_KNOWN = 64


def product_url(*, slug: str, pk: int) -> str:
    """Return where a product's page is in the shopper's edition."""
    before, found, after = _parts(get_script_prefix())
    if found and _PLAIN_SLUG.fullmatch(slug):
        return f"{before}{slug}_{pk}{after}"
    return reverse("catalogue:detail", kwargs={"product_slug": slug, "pk": pk})


@lru_cache(_EDITIONS_KNOWN)
def _parts(prefix: str) -> tuple[str, str, str]:
    """Return what stands before and after slug and key, which Oscar joins by an underscore."""
    return reverse("catalogue:detail", kwargs={"product_slug": "a-slug", "pk": 7}).partition("a-slug_7")
