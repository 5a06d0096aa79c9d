"""From a clean clone to the first page served by `make demo`, and the second start."""

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Print both times in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder) / "shop", Path(folder) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        cache = os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip")
        environment = {**os.environ, "HOME": str(home), "PIP_CACHE_DIR": cache, "PORT": "8400"}
        print(f"clean clone to first page  {_seconds_to_first_page(clone, environment):6.1f} s")
        print(f"second start               {_seconds_to_first_page(clone, environment):6.1f} s")


def _seconds_to_first_page(clone: Path, environment: dict[str, str]) -> float:
    log = clone.parent / "demo.log"
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "demo"], cwd=clone, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while True:
            opened = re.search(r"open at (http://127\.0\.0\.1:\d+)", log.read_text())
            if opened:
                try:
                    with urlopen(opened[1]) as response:
                        response.read()
                    return time.monotonic() - started
                except OSError:
                    pass
            if process.poll() is not None:
                raise RuntimeError(f"make demo ended:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)
        time.sleep(1)
