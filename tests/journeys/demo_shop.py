"""The demo as `make demo` starts it, in a folder of its own, for browsers and benchmarks to visit."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 240


@dataclass(frozen=True)
class DemoShop:
    """Where a running demo answers and how to sign in."""

    url: str
    stand_in_url: str
    email: str
    password: str
    var: Path
    seconds_to_open: float


@contextmanager
def running_demo(var: Path, *, port: int = 8200, theme: str = "base") -> Iterator[DemoShop]:
    """Start the demo with its data in `var`, yield when it is open, stop everything it started."""
    var.mkdir(parents=True, exist_ok=True)
    log = var / "demo.log"
    environment = {**os.environ, "VAR_DIR": str(var), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environment["STOREFRONT_THEME"] = theme
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("DATABASE_URL", None)
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "storefront.setup.demo"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _wait_until_open(process, log, var, started)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_until_open(process: subprocess.Popen, log: Path, var: Path, started: float) -> DemoShop:
    while time.monotonic() - started < START_LIMIT_SECONDS:
        text = log.read_text()
        opened = re.search(r"open at (http://127\.0\.0\.1:\d+)", text)
        if opened and _answers(opened[1]):
            email, password = re.search(r"e-mail +(\S+)", text)[1], re.search(r"password +(\S+)", text)[1]
            stand_in = re.search(r"stand-in for Stripe at (http://127\.0\.0\.1:\d+)", text)[1]
            return DemoShop(opened[1], stand_in, email, password, var, time.monotonic() - started)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"The demo did not open:\n{log.read_text()[-3000:]}")


def _answers(url: str) -> bool:
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(f"{url}/healthz/", timeout=5) as response:
            return response.status == 200
    except (URLError, OSError):
        return False
