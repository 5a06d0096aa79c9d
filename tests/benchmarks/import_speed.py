"""Rows per second of read -> plan -> apply without pictures, first and unchanged, on a generated export."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = 10_000


def main() -> None:
    """Print the rates of a first and of an unchanged import on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.txt"
        generator = ROOT / "tests" / "data" / "generate_listings.py"
        command = [sys.executable, str(generator), "--rows", str(ROWS), "--format", "clr"]
        subprocess.run(
            [*command, "--marketplace", "us", "--seed", "7", "--out", str(export)],
            check=True,
            capture_output=True,
        )
        environment = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "storefront.settings.dev"}
        _manage(environment, "prepare_database")
        startup = _manage(environment, "import_amazon", "--help")
        for name in ("first import", "unchanged again"):
            seconds = _manage(
                environment, "import_amazon", "apply", str(export), "--marketplace", "us", "--no-pictures"
            )
            print(
                f"{name:16} {ROWS / (seconds - startup):8.0f} rows/s  ({seconds:.1f} s, {startup:.1f} s start-up)"
            )


def _manage(environment: dict[str, str], *arguments: str) -> float:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout[-1000:] + done.stderr[-2000:])
    return time.monotonic() - started
