"""Run with the settings of one of the two shops: its addresses, and what one page of each kind takes and weighs."""

import gzip
import json
import random
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise

PRODUCTS, CATEGORIES, SEARCHES = 60, 20, 10
_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


def main() -> None:
    """Print the addresses by kind of page, and SQL queries, cookies and bytes of one of each, as JSON."""
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    paths = _read_paths()
    pages = _look_at(paths)
    if "suggest" in paths:
        paths |= _read_new_words()
    json.dump({"products": _count_products(), "paths": paths, "pages": pages}, sys.stdout)


def uncached(addresses: Sequence[str]) -> list[str]:
    """Return the addresses with a parameter that no page is kept for."""
    return [f"{address}{'&' if '?' in address else '?'}x=1" for address in addresses]


def _count_products() -> int:
    from oscar.core.loading import get_model

    return get_model("catalogue", "Product").objects.count()


def _read_paths() -> dict[str, list[str]]:
    from django.conf import settings
    from django.urls import NoReverseMatch, reverse
    from oscar.core.loading import get_model

    chance = random.Random(1)
    Product, Category = get_model("catalogue", "Product"), get_model("catalogue", "Category")
    families = _read_families()
    single = Product.objects.filter(structure="standalone", stockrecords__num_in_stock__gt=50).order_by("pk")
    categories = [
        category
        for category in Category.objects.order_by("path")
        if Product.objects.filter(categories__path__startswith=category.path).count() >= 24
    ]
    words = sorted({word for title in _read_titles(families) for word in title})
    chosen = chance.sample(words, SEARCHES)
    paths = {
        "home": [str(settings.OSCAR_HOMEPAGE)],  # a stock Oscar's leads to its first list
        "category": _addresses(chance.sample(categories, min(CATEGORIES, len(categories)))),
        "product": _addresses(chance.sample(families, min(PRODUCTS, len(families)))),
        "search": [f"{reverse('search:search')}?q={word.lower()}" for word in chosen],
        "single": _addresses(single[:PRODUCTS]),
    }
    try:
        suggest = reverse("search:suggest")
    except NoReverseMatch:
        return paths  # a stock Oscar suggests nothing
    typed = [word.lower()[:letters] for word in chosen for letters in (3, 4, len(word))]
    return {**paths, "suggest": [f"{suggest}?q={letters}" for letters in typed]}


def _read_new_words() -> dict[str, list[str]]:
    """Return searches for words and pairs of neighbours out of titles, and what is typed of the words meanwhile."""
    from django.urls import reverse

    titles = [[word.lower() for word in title] for title in _read_titles(_read_families())]
    words = {word for title in titles for word in title}
    pairs = {f"{word}+{other}" for title in titles for word, other in pairwise(title)}
    typed = {word[:letters] for word in words for letters in range(3, len(word) + 1)}
    search, suggest = reverse("search:search"), reverse("search:suggest")
    return {
        "search, new words": _shuffled(f"{search}?q={asked}" for asked in words | pairs),
        "suggest, new words": _shuffled(f"{suggest}?q={letters}" for letters in typed),
    }


def _read_families():
    from django.db.models import Count
    from oscar.core.loading import get_model

    Product = get_model("catalogue", "Product")
    buyable = Product.objects.filter(structure="child", stockrecords__num_in_stock__gt=5)
    parents = Product.objects.filter(structure="parent", children__in=buyable.values("pk")).distinct()
    return list(parents.annotate(size=Count("children")).filter(size__gte=3).order_by("pk")[:2000])


def _read_titles(families) -> list[list[str]]:
    """Return the words of some titles, without what is no word."""
    titles = (product.title.split() for product in families[:400])
    return [[word for word in title if word.isalpha() and len(word) > 3] for title in titles]


def _shuffled(addresses: Iterable[str]) -> list[str]:
    found = sorted(addresses)
    random.Random(1).shuffle(found)
    return found


def _addresses(objects) -> list[str]:
    return [each.get_absolute_url() for each in objects]


def _look_at(paths: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """Ask for one page of each kind again, in this process; then put a product into a basket twice."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    found = {}
    for kind, addresses in paths.items():
        asked = uncached(addresses[:1])[0]
        Client().get(asked)
        with CaptureQueriesContext(connection) as captured:
            answer = Client().get(asked)
        assert answer.status_code == 200, asked
        found[kind] = {
            "queries": len(captured),
            "writes": sum(bool(_WRITE.match(query["sql"])) for query in captured),
            "cookies": len(answer.cookies),
            "bytes": len(answer.content),
            "packed": len(gzip.compress(answer.content, 6)),
        }
    product_id = paths["single"][0].rstrip("/").rpartition("_")[2]
    client = Client()
    for kind in ("first add", "add"):
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("basket:add", kwargs={"pk": product_id}), {"quantity": 1})
        assert answer.status_code == 302, answer.status_code
        found[kind] = {"queries": len(captured)}
    return found


if __name__ == "__main__":
    main()
