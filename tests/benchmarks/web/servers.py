"""The servers of one measurement: Redis, gunicorn as the image runs it, and what they cost in CPU."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis without a disk and return its address; it must be installed."""
    if shutil.which("redis-server") is None:
        raise SystemExit("This benchmark needs redis-server; install it and start again.")
    port = _free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--maxmemory", "128mb"]
    process = subprocess.Popen(
        [*command, "--maxmemory-policy", "allkeys-lru", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def gunicorn(application: str, *, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run an application with two workers as the image does, and return its port and process."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    options = ["--worker-class", "gthread", "--threads", "4", "--preload", "--log-level", "error"]
    process = subprocess.Popen(
        [*command, *options, "--no-control-socket", "--timeout", "180"],
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """Return what a process and all under it have used."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            used[int(folder.name)] = (int(fields[11]) + int(fields[12])) / _TICKS
    total, waiting = 0.0, [pid]
    while waiting:
        each = waiting.pop()
        total += used.get(each, 0.0)
        waiting += children.get(each, [])
    return total


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise SystemExit(f"A server ended with {process.returncode} before it answered.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("A server did not answer for a minute.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
