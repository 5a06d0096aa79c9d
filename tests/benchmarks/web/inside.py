"""Run with the settings of one of the two shops: its addresses, and how many queries each of its pages takes."""

import json
import random
import sys
from collections.abc import Sequence

PRODUCTS, CATEGORIES, SEARCHES = 60, 20, 10


def main() -> None:
    """Print the addresses by kind of page and the SQL queries of one of each, as JSON."""
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    paths = _read_paths()
    json.dump({"paths": paths, "queries": _count_queries(paths)}, sys.stdout)


def uncached(addresses: Sequence[str]) -> list[str]:
    """Return the addresses with a parameter that no page is kept for."""
    return [f"{address}{'&' if '?' in address else '?'}x=1" for address in addresses]


def _read_paths() -> dict[str, list[str]]:
    from django.db.models import Count
    from django.urls import reverse
    from oscar.core.loading import get_model

    chance = random.Random(1)
    Product, Category = get_model("catalogue", "Product"), get_model("catalogue", "Category")
    buyable = Product.objects.filter(structure="child", stockrecords__num_in_stock__gt=5)
    parents = Product.objects.filter(structure="parent", children__in=buyable.values("pk")).distinct()
    families = list(parents.annotate(size=Count("children")).filter(size__gte=3).order_by("pk"))
    single = Product.objects.filter(structure="standalone", stockrecords__num_in_stock__gt=50).order_by("pk")
    categories = [
        category
        for category in Category.objects.order_by("path")
        if Product.objects.filter(categories__path__startswith=category.path).count() >= 24
    ]
    words = sorted(
        {
            word
            for product in families[:400]
            for word in product.title.split()
            if word.isalpha() and len(word) > 3
        }
    )
    return {
        "product": [
            each.get_absolute_url() for each in chance.sample(families, min(PRODUCTS, len(families)))
        ],
        "single": [each.get_absolute_url() for each in list(single[:PRODUCTS])],
        "category": [
            each.get_absolute_url() for each in chance.sample(categories, min(CATEGORIES, len(categories)))
        ],
        "search": [f"{reverse('search:search')}?q={word.lower()}" for word in chance.sample(words, SEARCHES)],
    }


def _count_queries(paths: dict[str, list[str]]) -> dict[str, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    found = {}
    for kind, addresses in paths.items():
        asked = uncached(addresses[:1])[0]
        Client().get(asked)
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(asked).status_code == 200, asked
        found[kind] = len(captured)
    product_id = paths["single"][0].rstrip("/").rpartition("_")[2]
    client = Client()
    for kind in ("first add", "add"):
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("basket:add", kwargs={"pk": product_id}), {"quantity": 1})
        assert answer.status_code == 302, answer.status_code
        found[kind] = len(captured)
    return found


if __name__ == "__main__":
    main()
