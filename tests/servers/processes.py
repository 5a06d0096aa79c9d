"""Programs that run beside a test or a benchmark on ports of their own: Redis, gunicorn as the image runs it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_STARTS_WITHIN_SECONDS = 120


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis as docker-compose.yml does and yield its address; it must be installed."""
    if shutil.which("redis-server") is None:
        raise RuntimeError("redis-server is missing. Install Debian's package redis-server and start again.")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with running([*command, "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"], port=port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def gunicorn(application: str, *, environment: dict[str, str], workers: int = 2) -> Iterator[tuple[int, int]]:
    """Run an application as the image does and yield its port and process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--preload"]
    rest = ["--log-level", "error", "--no-control-socket", "--timeout", "180"]
    with running([*command, *options, *rest], port=port, environment=environment) as process:
        yield port, process.pid


@contextmanager
def running(
    command: Sequence[str], *, port: int = 0, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen]:
    """Run a program until the end, in the project's folder; where it listens, it answers before this yields."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL
    )
    try:
        if port:
            _wait_for(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + _STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode} before it answered.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not answer within {_STARTS_WITHIN_SECONDS} s.")
