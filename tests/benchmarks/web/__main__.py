"""`make bench-web`: pages and basket of this shop and of a stock Oscar, each beside its bar.

WEB_PRODUCTS=100000 takes another catalogue; WEB_SECONDS, how long each page is asked for; WEB_REUSE=1 keeps the
databases of the run before. DATABASE_URL names a PostgreSQL server on which databases may be made.
"""

import json
import os
import sys
from pathlib import Path

from tests.benchmarks.web.catalogue import environments, fill_shop, fill_stock, manage, run
from tests.benchmarks.web.flows import fill_baskets
from tests.benchmarks.web.inside import uncached
from tests.benchmarks.web.load import Load, ask, warm_up
from tests.benchmarks.web.servers import cpu_seconds, gunicorn, redis

FOLDER = Path(__file__).resolve().parents[3] / "var" / "bench-web"
CONNECTIONS = 8
SHOPPERS, FLOWS = 4, 200
KINDS = ("product", "category", "search")
LEAST_CACHED_RATE = 1500
MOST_QUERIES = {"product": 10, "category": 10, "add": 12}
LEAST_RATIO = {"product": 5, "category": 25, "search": 12}
LEAST_CACHED_RATIO = 40


def main() -> None:
    """Print what was measured, and which bars it is short of."""
    seconds = float(os.environ.get("WEB_SECONDS", "8"))
    products = int(os.environ.get("WEB_PRODUCTS", "10000"))
    server = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with redis() as redis_address:
        own, stock = environments(folder=FOLDER, server=server, redis=redis_address)
        if not os.environ.get("WEB_REUSE"):
            print(f"Filling both shops with {products} rows of an export", flush=True)
            fill_shop(folder=FOLDER, server=server, environment=own, products=products)
            fill_stock(folder=FOLDER, server=server, environment=stock, source=own["DATABASE_URL"])
        manage(own, "update_search_index")  # no scheduler runs here, and lists of an old index are not kept
        described = {
            "own": _look_inside(own),
            "stock": _look_inside(stock),
        }
        bar = Bars()
        _print_queries(described, bar)
        _measure(described, own, stock, seconds, bar)
    print("\n" + ("\n".join(f"SHORT: {line}" for line in bar.short) or "Every bar is held."))


class Bars:
    """The bars that were not reached."""

    def __init__(self) -> None:
        self.short: list[str] = []

    def check(self, *, is_held: bool, text: str) -> None:
        if not is_held:
            self.short.append(text)


def _look_inside(environment: dict[str, str]) -> dict:
    return json.loads(run([sys.executable, "-m", "tests.benchmarks.web.inside"], environment=environment))


def _print_queries(described: dict, bar: Bars) -> None:
    print(f"\n{'SQL queries':24}{'own':>8}{'stock':>8}{'bar':>8}")
    for kind, number in described["own"]["queries"].items():
        most = MOST_QUERIES.get(kind)
        print(f"{kind:24}{number:8}{described['stock']['queries'][kind]:8}{most or '':>8}")
        bar.check(is_held=most is None or number <= most, text=f"{kind}: {number} queries, at most {most}")


def _measure(described: dict, own: dict[str, str], stock: dict[str, str], seconds: float, bar: Bars) -> None:
    costs: dict[tuple[str, str], float] = {}
    rates: dict[tuple[str, str], float] = {}
    print(f"\n{'':24}{'req/s':>8}{'CPU ms':>8}{'p50':>8}{'p95':>8}{'KB':>8}{'failed':>8}")
    shops = (
        ("stock", "tests.benchmarks.stock_oscar.wsgi", stock, "stock"),
        ("own", "storefront.wsgi", own, "own"),
        ("kept", "storefront.wsgi", own, "own"),
    )
    for name, application, environment, catalogue in shops:
        with gunicorn(application, environment=environment) as (port, pid):
            paths = described[catalogue]["paths"]
            for kind in KINDS:
                asked = uncached(paths[kind]) if name == "own" else paths[kind]
                warm_up(port=port, paths=asked, connections=CONNECTIONS)
                before = cpu_seconds(pid)
                load = ask(port=port, paths=asked, connections=CONNECTIONS, seconds=seconds)
                cost = (cpu_seconds(pid) - before) * 1000 / max(1, load.requests)
                costs[name, kind], rates[name, kind] = cost, load.rate
                _print_load(f"{name} {kind}", load, cost)
                bar.check(
                    is_held=not load.failures, text=f"{name} {kind}: {load.failures} answers were not 200"
                )
            if name != "own":
                flows = fill_baskets(port=port, paths=paths["single"], shoppers=SHOPPERS, times=FLOWS)
                figures = f"{flows.percentile(0.5):8.1f}{flows.percentile(0.95):8.1f}"
                print(f"{name + ' add to basket':40}{figures}{'':8}{flows.failures:8}")
                bar.check(
                    is_held=name == "stock" or not flows.failures, text=f"{flows.failures} flows failed"
                )
    print(f"\n{'CPU, stock / own':24}{'uncached':>10}{'bar':>6}{'kept':>10}{'bar':>6}")
    for kind in KINDS:
        plain, kept = costs["stock", kind] / costs["own", kind], costs["stock", kind] / costs["kept", kind]
        print(f"{kind:24}{plain:10.1f}{LEAST_RATIO[kind]:6}{kept:10.1f}{LEAST_CACHED_RATIO:6}")
        bar.check(
            is_held=plain >= LEAST_RATIO[kind],
            text=f"{kind}: {plain:.1f} times, at least {LEAST_RATIO[kind]}",
        )
        bar.check(is_held=kept >= LEAST_CACHED_RATIO, text=f"{kind}, kept: {kept:.1f} times, at least 40")
        rate = rates["kept", kind]
        bar.check(
            is_held=rate >= LEAST_CACHED_RATE, text=f"{kind}, kept: {rate:.0f} a second, at least 1,500"
        )


def _print_load(name: str, load: Load, cost: float) -> None:
    figures = f"{load.rate:8.1f}{cost:8.2f}{load.percentile(0.5):8.1f}{load.percentile(0.95):8.1f}"
    print(f"{name:24}{figures}{load.kilobytes:8.1f}{load.failures:8}", flush=True)


if __name__ == "__main__":
    main()
