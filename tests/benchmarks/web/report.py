"""What was measured, as tables, each figure beside its bar; and the bars that were not reached."""

from collections.abc import Mapping

from tests.benchmarks.web.measuring import Cost

QUERIES_MOST = {"product": 10, "category": 10, "add": 12}
HTML_KB_MOST = {"category": 60}
CPU_MS_MOST = {"product": 9, "category": 15}
RATIO_LEAST = {"home": 40, "category": 25, "product": 5, "search": 12}
KEPT_RATIO_LEAST = 40
KEPT_RATE_LEAST = 1500
ADD_P95_MS_MOST = 40
ALONE_P95_MS_MOST = {  # of the catalogue, and of ten times as much
    "search": (40, 60),
    "search, new words": (40, 60),
    "suggest": (25, 25),
    "suggest, new words": (25, 25),
}
WORKER_MIB_MOST = 150
GROWTH_MOST = 1.5  # times the CPU for ten times the products; less than this is noise


class Bars:
    """The bars that were not reached."""

    def __init__(self) -> None:
        self.short: list[str] = []

    def most(self, name: str, value: float, bar: float | None) -> str:
        """Return the bar as a table prints it; remember a value above it."""
        if bar is not None and value > bar:
            self.short.append(f"{name}: {value:.4g}, at most {bar:g}")
        return f"{bar:g}" if bar is not None else ""

    def least(self, name: str, value: float, bar: float | None) -> str:
        """Return the bar as a table prints it; remember a value below it."""
        if bar is not None and value < bar:
            self.short.append(f"{name}: {value:.4g}, at least {bar:g}")
        return f"{bar:g}" if bar is not None else ""


def print_pages(own: Mapping, stock: Mapping, bars: Bars) -> None:
    """Print what one page of each kind takes and weighs, in a process of its own."""
    print(f"\nOne page, made anew{'SQL':>9}{'bar':>5}{'stock':>7}{'writes':>8}{'stock':>7}", end="")
    print(f"{'cookies':>9}{'stock':>7}{'HTML KB':>9}{'bar':>5}{'stock':>7}{'gzip KB':>9}{'stock':>7}")
    for kind, page in own.items():
        theirs = stock.get(kind, {})
        bar = bars.most(f"{kind}, SQL queries", page["queries"], QUERIES_MOST.get(kind))
        print(f"{kind:19}{page['queries']:9}{bar:>5}{theirs.get('queries', '-'):>7}", end="")
        if "bytes" not in page:
            print()
            continue
        bars.most(f"{kind}, writes", page["writes"], 0)
        bars.most(f"{kind}, cookies", page["cookies"], 0)
        weight = page["bytes"] / 1024
        bar = bars.most(f"{kind}, KB of HTML", weight, HTML_KB_MOST.get(kind))
        print(f"{page['writes']:8}{theirs.get('writes', '-'):>7}", end="")
        print(f"{page['cookies']:9}{theirs.get('cookies', '-'):>7}", end="")
        print(f"{weight:9.1f}{bar:>5}{_kilobytes(theirs, 'bytes'):>7}", end="")
        print(f"{page['packed'] / 1024:9.1f}{_kilobytes(theirs, 'packed'):>7}")


def _kilobytes(page: Mapping, name: str) -> str:
    return f"{page[name] / 1024:.1f}" if name in page else "-"


def print_heads(title: str) -> None:
    """Print the heads of the columns that `print_cost` fills."""
    print(f"\n{title:26}{'req/s':>8}{'CPU ms':>8}{'bar':>5}{'server':>8}{'database':>9}", end="")
    print(f"{'p50':>8}{'p95':>8}{'KB sent':>9}{'failed':>8}")


def print_cost(name: str, cost: Cost, bars: Bars, *, bar: float | None = None) -> None:
    """Print one line; a failed answer of ours is short of a bar."""
    text = bars.most(f"{name}, CPU ms", cost.cpu_ms, bar)
    print(f"{name:26}{cost.rate:8.1f}{cost.cpu_ms:8.2f}{text:>5}{cost.server_ms:8.2f}", end="")
    print(
        f"{cost.database_ms:9.2f}{cost.p50:8.1f}{cost.p95:8.1f}{cost.kilobytes:9.1f}{cost.failures:8}",
        flush=True,
    )
    if not name.startswith("stock"):
        bars.most(f"{name}, failed answers", cost.failures, 0)


def print_ratios(costs: Mapping[tuple[str, str], Cost], kinds: tuple[str, ...], bars: Bars) -> None:
    """Print how many times the CPU the stock Oscar took, and the rate of kept pages."""
    print(f"\n{'CPU, stock / own':26}{'anew':>8}{'bar':>5}{'kept':>8}{'bar':>5}{'kept, req/s':>13}{'bar':>6}")
    for kind in kinds:
        stock, kept = costs["stock", kind], costs["kept", kind]
        anew = stock.cpu_ms / costs["own", kind].cpu_ms
        from_kept = stock.cpu_ms / kept.cpu_ms
        bar = bars.least(f"{kind}, times the CPU of stock", anew, RATIO_LEAST.get(kind))
        kept_bar = bars.least(f"{kind} kept, times the CPU of stock", from_kept, KEPT_RATIO_LEAST)
        rate_bar = bars.least(f"{kind} kept, a second", kept.rate, KEPT_RATE_LEAST)
        print(f"{kind:26}{anew:8.1f}{bar:>5}{from_kept:8.0f}{kept_bar:>5}{kept.rate:13.0f}{rate_bar:>6}")


def print_alone(costs: Mapping[str, Cost], bars: Bars, *, is_large: bool = False) -> None:
    """Print how long one shopper alone waits."""
    print(f"\n{'One shopper at a time':26}{'p50 ms':>8}{'p95 ms':>8}{'bar':>5}")
    for kind, cost in costs.items():
        bar = bars.most(f"{kind}, p95 ms of one shopper", cost.p95, ALONE_P95_MS_MOST[kind][is_large])
        print(f"{kind:26}{cost.p50:8.1f}{cost.p95:8.1f}{bar:>5}")


def print_growth(
    small: Mapping[str, Cost], large: Mapping[str, Cost], *, products: tuple[int, int], bars: Bars
) -> None:
    """Print what more products cost."""
    print(f"\n{'CPU ms':26}{products[0]:>10}{products[1]:>10}{'times':>8}{'bar':>5}")
    for kind, cost in small.items():
        times = large[kind].cpu_ms / cost.cpu_ms
        bar = bars.most(f"{kind}, times the CPU for more products", times, GROWTH_MOST)
        print(f"{kind:26}{cost.cpu_ms:10.2f}{large[kind].cpu_ms:10.2f}{times:8.2f}{bar:>5}")


def print_memory(own: list[float], stock: list[float], bars: Bars) -> None:
    """Print what each worker holds after all that."""
    bar = bars.most("a worker, MiB", max(own), WORKER_MIB_MOST)
    print(f"\nMemory of a worker (PSS, MiB): {_listed(own)}, at most {bar}; stock {_listed(stock)}")


def _listed(sizes: list[float]) -> str:
    return " and ".join(f"{size:.0f}" for size in sizes)
