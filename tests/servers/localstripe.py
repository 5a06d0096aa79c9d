"""localstripe (GPL, by people who know nothing of this shop) as a server of its own, in an environment of its own.

    with running_localstripe() as base_url: ...

The first call makes `var/localstripe` from `requirements/localstripe.txt`, which takes the better part of a minute.
"""

import fcntl
import hashlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKED = ROOT / "requirements" / "localstripe.txt"
FOLDER = ROOT / "var" / "localstripe"
START_SECONDS = 30
# Its own command listens on every interface and keeps its state in a file: neither is wanted here.
RUN = """
import sys
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda self: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@contextmanager
def running_localstripe() -> Iterator[str]:
    """Start localstripe on a free port of loopback and give its address."""
    python = _environment()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [python, "-c", RUN, str(port)],
        cwd=FOLDER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        base_url = f"http://127.0.0.1:{port}"
        _wait(process, base_url)
        yield base_url
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _environment() -> Path:
    """Return the Python of the environment, made anew when the locked file changed; one process at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    python, stamp = FOLDER / "bin" / "python", FOLDER / "installed"
    wanted = hashlib.sha256(LOCKED.read_bytes()).hexdigest()
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            venv.create(FOLDER, with_pip=True, symlinks=sys.platform != "win32")
            install = [
                python,
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--require-hashes",
            ]
            subprocess.run([*install, "-r", LOCKED], check=True, timeout=300)
            stamp.write_text(wanted)
    return python


def _wait(process: subprocess.Popen[str], base_url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"localstripe ended: {process.communicate()[1]}")
        try:
            urllib.request.urlopen(f"{base_url}/js.stripe.com/v3/", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("localstripe did not answer.")
