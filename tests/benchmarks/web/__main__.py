"""`make bench-web`: pages and basket of this shop and of a stock Oscar, each beside its bar.

`--100k` adds a shop with ten times the products; `--reuse` keeps the databases of the run before; WEB_PRODUCTS takes
another catalogue, WEB_SECONDS another time for each round. DATABASE_URL names a PostgreSQL server on this machine on
which databases may be made. Each product has the same pictures in both. `anew` pages are made for each request, with
parts that the shop keeps (menus, which products an unfiltered list has); `kept` ones are answered whole. `search` and
`suggest` ask for a few words again and again, which the shop looks up once a minute; `new words` are words and pairs of
words out of titles, the commonest among them, each asked once after what was kept of words is dropped.
"""

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import redis

from tests.benchmarks.web.catalogue import (
    fill_shop,
    fill_stock,
    is_filled,
    make_empty_shop,
    manage,
    own_environment,
    run,
    stock_environment,
)
from tests.benchmarks.web.inside import uncached
from tests.benchmarks.web.measuring import Cost, Shop, best_of, running
from tests.benchmarks.web.report import (
    ADD_P95_MS_MOST,
    CPU_MS_MOST,
    Bars,
    print_alone,
    print_cost,
    print_growth,
    print_heads,
    print_memory,
    print_pages,
    print_ratios,
)
from tests.benchmarks.web.usage import worker_memory
from tests.servers.processes import redis_server

FOLDER = Path(__file__).resolve().parents[3] / "var" / "bench-web"
OWN, STOCK = "storefront.wsgi", "tests.benchmarks.stock_oscar.wsgi"
CONNECTIONS, ROUNDS = 8, 3
SHOPPERS, OWN_FLOWS, STOCK_FLOWS = 4, 1000, 210
KINDS = ("product", "category", "search", "home")
NEW = ("search, new words", "suggest, new words")


def main() -> None:
    """Print what was measured, and which bars it is short of."""
    parser = argparse.ArgumentParser(prog="make bench-web")
    parser.add_argument(
        "--100k", dest="is_large", action="store_true", help="a shop with ten times as much, too"
    )
    parser.add_argument("--reuse", action="store_true", help="take the databases of the run before")
    options = parser.parse_args()
    seconds = float(os.environ.get("WEB_SECONDS", "2.5"))
    products = int(os.environ.get("WEB_PRODUCTS", "10000"))
    server = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    FOLDER.mkdir(parents=True, exist_ok=True)
    started, bars = time.monotonic(), Bars()
    with ExitStack() as stack:
        place = {"folder": FOLDER, "server": server, "redis": stack.enter_context(redis_server())}
        own = own_environment(**place, name="own", number=0)
        large = own_environment(**place, name="large", number=2)
        stock = stock_environment(**place)
        if options.reuse and is_filled(own["DATABASE_URL"]) and is_filled(stock["STOCK_DATABASE_URL"]):
            manage(own, "migrate", "-v0")
        else:
            _say(f"Filling both shops with {products} rows of an export", started)
            make_empty_shop(server=server, environment=own)
            fill_shop(folder=FOLDER, server=server, environment=own, products=products)
            fill_stock(folder=FOLDER, server=server, environment=stock, source=own["DATABASE_URL"])
        if options.is_large and options.reuse and is_filled(large["DATABASE_URL"]):
            manage(large, "migrate", "-v0")
        elif options.is_large:
            _say(f"Filling another one with {products * 10}", started)
            fill_shop(folder=FOLDER, server=server, environment=large, products=products * 10)
        described = {"own": _look_inside(own), "stock": _look_inside(stock)}
        print_pages(described["own"]["pages"], described["stock"]["pages"], bars)
        shop = stack.enter_context(_run_own(own, described["own"]))
        _compare(shop, stock, described["stock"], seconds=seconds, bars=bars)
        if options.is_large:
            _say("The larger shop", started)
            description = _look_inside(large)
            with _run_own(large, description) as larger:
                counts = (described["own"]["products"], description["products"])
                _grow(shop, larger, products=counts, seconds=seconds, bars=bars)
    _say("Done", started)
    print("\n".join(f"SHORT: {line}" for line in bars.short) or "Every bar is held.")


def _say(text: str, started: float) -> None:
    print(f"\n[{time.monotonic() - started:4.0f} s] {text}", flush=True)


def _look_inside(environment: dict[str, str]) -> dict:
    if "STOCK_FOLDER" not in environment:
        _index(environment)
    return json.loads(run([sys.executable, "-m", "tests.benchmarks.web.inside"], environment=environment))


def _index(environment: dict[str, str]) -> None:
    """Do what the scheduler does each minute: lists of an index that is behind are kept for nobody."""
    manage(environment, "update_search_index")


def _forget_words(environment: dict[str, str]) -> None:
    """Drop which products words were found to mean, which the shop keeps for a minute."""
    with redis.Redis.from_url(environment["REDIS_URL"]) as client:
        for key in client.scan_iter("*search.found.*"):
            client.unlink(key)


def _run_own(environment: dict[str, str], description: dict):
    return running(
        OWN,
        environment=environment,
        database=environment["DATABASE_URL"],
        paths=description["paths"],
        refresh=partial(_index, environment),
        forget=partial(_forget_words, environment),
    )


def _compare(
    shop: Shop, environment: dict[str, str], description: dict, *, seconds: float, bars: Bars
) -> None:
    """Ask both shops in turn, so that whatever else the machine does falls on both."""
    costs: dict[tuple[str, str], Cost] = {}
    with running(
        STOCK,
        environment=environment,
        database=environment["STOCK_DATABASE_URL"],
        paths=description["paths"],
    ) as stock:
        print_heads(f"{CONNECTIONS} connections")
        for kind in KINDS:
            asked = {
                "stock": (stock, stock.paths[kind]),
                "own": (shop, uncached(shop.paths[kind])),
                "kept": (shop, shop.paths[kind]),
            }
            for name, cost in _in_turn(asked, seconds=seconds).items():
                costs[name, kind] = cost
                bar = CPU_MS_MOST.get(kind) if name == "own" else None
                print_cost(f"{name} {kind}", cost, bars, bar=bar)
        suggest = {"own": (shop, shop.paths["suggest"])}
        print_cost("own suggest", _in_turn(suggest, seconds=seconds)["own"], bars)
        for kind in NEW:
            new = {"own": (shop, uncached(shop.paths[kind]))}
            print_cost(f"own {kind}", _in_turn(new, seconds=None)["own"], bars)
        _fill_baskets(stock, shop, bars)
        print_ratios(costs, KINDS, bars)
        print_alone(_ask_alone(shop, seconds=seconds), bars)
        print_memory(worker_memory(shop.pid), worker_memory(stock.pid), bars)


def _in_turn(asked: dict[str, tuple[Shop, list[str]]], *, seconds: float | None) -> dict[str, Cost]:
    found: dict[str, list[Cost]] = {name: [] for name in asked}
    for shop in {id(shop): shop for shop, _paths in asked.values()}.values():
        shop.refresh()
    for shop, paths in asked.values():
        shop.warm_up(paths, connections=CONNECTIONS)
    for _round in range(ROUNDS):
        for name, (shop, paths) in asked.items():
            found[name].append(shop.measure(paths, connections=CONNECTIONS, seconds=seconds))
    return {name: best_of(costs) for name, costs in found.items()}


def _fill_baskets(stock: Shop, shop: Shop, bars: Bars) -> None:
    print_heads(f"Basket, {SHOPPERS} shoppers")
    for name, each, times in (("stock", stock, STOCK_FLOWS), ("own", shop, OWN_FLOWS)):
        rounds = [each.fill_baskets(shoppers=SHOPPERS, times=times // ROUNDS) for _round in range(ROUNDS)]
        cost = best_of(rounds)
        print_cost(f"{name} page and add", cost, bars)
        if name == "own":
            bars.most("add to basket, p95 ms", cost.p95, ADD_P95_MS_MOST)


def _ask_alone(shop: Shop, *, seconds: float) -> dict[str, Cost]:
    shop.refresh()
    asked: dict[str, float | None] = {"search": seconds, "suggest": seconds, **dict.fromkeys(NEW)}
    return {
        kind: best_of(
            [
                shop.measure(uncached(shop.paths[kind]), connections=1, seconds=each)
                for _round in range(ROUNDS)
            ]
        )
        for kind, each in asked.items()
    }


def _grow(small: Shop, large: Shop, *, products: tuple[int, int], seconds: float, bars: Bars) -> None:
    found: dict[str, dict[str, Cost]] = {"small": {}, "large": {}}
    for kind in (*KINDS, "suggest", *NEW):
        asked = {
            "small": (small, uncached(small.paths[kind])),
            "large": (large, uncached(large.paths[kind])),
        }
        for name, cost in _in_turn(asked, seconds=None if kind in NEW else seconds).items():
            found[name][kind] = cost
    print_growth(found["small"], found["large"], products=products, bars=bars)
    print_alone(_ask_alone(large, seconds=seconds), bars, is_large=True)


if __name__ == "__main__":
    main()
