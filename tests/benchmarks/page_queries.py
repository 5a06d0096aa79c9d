"""SQL queries and milliseconds of the shop's pages, uncached, on the demo's catalogue: small and large of each kind."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 5


def main() -> None:
    """Import the demo without pictures into a folder of its own, then ask for each page."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "VAR_DIR": folder,
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "storefront.settings.dev",
        }
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.page_queries"], cwd=ROOT, env=environment, check=True
        )


def measure() -> None:
    """Print a line per page; run in a process whose settings name an empty folder."""
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from storefront.setup.database import prepare_database
    from storefront.setup.services import prepare_shop

    setup_test_environment()
    prepare_database()
    prepare_shop(demo=True, say=lambda line: None)
    from django.core.cache import cache
    from django.db import connection

    print(f"{'page':44} {'queries':>7} {'ms':>6}")
    for name, path in _pages():
        Client().get(path)
        counts, times = [], []
        for _ in range(REPEATS):
            cache.clear()
            client = Client()
            with CaptureQueriesContext(connection) as captured:
                started = time.perf_counter()
                assert client.get(path).status_code == 200, path
                times.append((time.perf_counter() - started) * 1000)
            counts.append(len(captured))
        print(f"{name:44} {max(counts):7} {statistics.median(times):6.1f}")


def _pages():
    from django.db.models import Count
    from oscar.core.loading import get_model

    product, category = get_model("catalogue", "Product"), get_model("catalogue", "Category")
    categories = category.objects.annotate(size=Count("product")).filter(size__gt=0).order_by("size", "pk")
    parents = (
        product.objects.filter(structure="parent").annotate(size=Count("children")).order_by("size", "pk")
    )
    yield "home", "/"
    for found in (categories.first(), categories.last()):
        yield f"category, {found.size} products", found.get_absolute_url()
    yield "all products, 24 cards", "/products/"
    for found in (parents.first(), parents.last()):
        yield f"product, {found.size} variants", found.get_absolute_url()
    yield "search, cable", "/search/?q=cable"
    yield "basket, empty", "/basket/"


if __name__ == "__main__":
    measure()
