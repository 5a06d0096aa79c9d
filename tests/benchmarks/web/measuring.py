"""One shop under load, and what an answer cost: several short rounds, of which the one least disturbed counts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle

from tests.benchmarks.web.flows import fill_baskets
from tests.benchmarks.web.load import ask, warm_up
from tests.benchmarks.web.usage import Backends, cpu_seconds
from tests.servers.processes import gunicorn

ONCE_SECONDS = 60  # at most, to ask for each path once


@dataclass(frozen=True)
class Cost:
    """What one answer took: milliseconds of CPU and of waiting, bytes as sent; `failures` of all rounds together."""

    server_ms: float
    database_ms: float
    rate: float
    p50: float
    p95: float
    kilobytes: float = 0.0
    failures: int = 0

    @property
    def cpu_ms(self) -> float:
        return self.server_ms + self.database_ms


class Shop:
    """A shop that answers: its server and its database.

    `refresh` does what its scheduler does each minute; `forget` drops what words were found to mean, as a minute does.
    """

    def __init__(
        self,
        *,
        port: int,
        pid: int,
        backends: Backends,
        paths: dict[str, list[str]],
        refresh: Callable[[], object],
        forget: Callable[[], object],
    ):
        self.port, self.pid, self.backends, self.paths = port, pid, backends, paths
        self.refresh, self.forget = refresh, forget

    def measure(self, paths: Sequence[str], *, connections: int, seconds: float | None) -> Cost:
        """Ask for these paths in turn for so long; without a time for each once, as nobody did before."""
        if seconds is None:
            self.forget()
        before = self._used()
        asked = iter(paths) if seconds is None else cycle(paths)
        load = ask(port=self.port, paths=asked, connections=connections, seconds=seconds or ONCE_SECONDS)
        server_ms, database_ms = self._since(before, load.requests)
        return Cost(
            server_ms,
            database_ms,
            load.rate,
            load.percentile(0.5),
            load.percentile(0.95),
            load.kilobytes,
            load.failures,
        )

    def fill_baskets(self, *, shoppers: int, times: int) -> Cost:
        """Put a product into a basket so many times; the CPU is of the product's page and the adding together."""
        before = self._used()
        flows = fill_baskets(port=self.port, paths=self.paths["single"], shoppers=shoppers, times=times)
        server_ms, database_ms = self._since(before, times)
        return Cost(
            server_ms,
            database_ms,
            flows.rate,
            flows.percentile(0.5),
            flows.percentile(0.95),
            failures=flows.failures,
        )

    def warm_up(self, paths: Sequence[str], *, connections: int) -> None:
        """Have each worker meet these pages."""
        warm_up(port=self.port, paths=paths, connections=connections)

    def _used(self) -> tuple[float, float]:
        return cpu_seconds(self.pid), self.backends.seconds()

    def _since(self, before: tuple[float, float], requests: int) -> tuple[float, float]:
        server, database = self._used()
        return (
            (server - before[0]) * 1000 / max(1, requests),
            (database - before[1]) * 1000 / max(1, requests),
        )


@contextmanager
def running(
    application: str,
    *,
    environment: dict[str, str],
    database: str,
    paths: dict[str, list[str]],
    refresh: Callable[[], object] = lambda: None,
    forget: Callable[[], object] = lambda: None,
) -> Iterator[Shop]:
    """Run a shop's server as the image does."""
    with gunicorn(application, environment=environment) as (port, pid), Backends(database) as backends:
        yield Shop(port=port, pid=pid, backends=backends, paths=paths, refresh=refresh, forget=forget)


def best_of(costs: Sequence[Cost]) -> Cost:
    """Return the round that cost the least CPU, with the best rate and latencies of any; failures are of all."""
    least = min(costs, key=lambda cost: cost.cpu_ms)
    return Cost(
        least.server_ms,
        least.database_ms,
        max(cost.rate for cost in costs),
        min(cost.p50 for cost in costs),
        min(cost.p95 for cost in costs),
        least.kilobytes,
        sum(cost.failures for cost in costs),
    )
