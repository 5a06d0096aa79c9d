"""A load generator of its own: kept-alive connections on one event loop, so that little CPU goes to asking."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

WARM_UP, WARM_UP_SECONDS = 64, 15


@dataclass(frozen=True)
class Load:
    """What was answered in a time; latencies in milliseconds."""

    requests: int
    failures: int
    seconds: float
    latencies: tuple[float, ...]
    kilobytes: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that this share of the requests stayed under."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def warm_up(*, port: int, paths: Sequence[str], connections: int) -> None:
    """Ask until each worker has met each kind of page; not measured."""
    most = max(WARM_UP, len(paths))
    asyncio.run(_gather(port, islice(cycle(paths), most), connections, WARM_UP_SECONDS, [], [], []))


def ask(*, port: int, paths: Iterator[str], connections: int, seconds: float) -> Load:
    """Ask for these paths on so many connections, for so long at most."""
    latencies: list[float] = []
    failures: list[int] = []
    sizes: list[int] = []
    started = time.perf_counter()
    asyncio.run(_gather(port, paths, connections, seconds, latencies, failures, sizes))
    elapsed = time.perf_counter() - started
    size = sum(sizes) / max(1, len(sizes)) / 1024
    return Load(len(latencies), len(failures), elapsed, tuple(latencies), size)


async def _gather(port, paths, connections, seconds, latencies, failures, sizes) -> None:
    end = time.perf_counter() + seconds
    await asyncio.gather(
        *(_connection(port, paths, end, latencies, failures, sizes) for _number in range(connections))
    )


async def _connection(port, paths, end, latencies, failures, sizes):
    reader = writer = None
    while (began := time.perf_counter()) < end and (path := next(paths, None)) is not None:
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
            )
            status, size, is_open = await _read_answer(reader)
        except (OSError, EOFError):  # reset, or closed before all of the answer came: one that failed
            status, size, is_open = 0, 0, False
        latencies.append((time.perf_counter() - began) * 1000)
        sizes.append(size)
        if status != 200:
            failures.append(status)
        if not is_open and writer is not None:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in lower:
        size = 0
        while (length := int(await reader.readline(), 16)) > 0:
            await reader.readexactly(length + 2)
            size += length
        await reader.readline()
    else:
        size = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(size)
    return status, size, b"connection: close" not in lower
