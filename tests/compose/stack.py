"""The stack of docker-compose.yml under a name, ports and an image of its own, so that it can run beside others."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
import zlib
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
UP_SECONDS = 1800  # with a cold cache: packages, migrations on PostgreSQL, the demo's import
ANSWER_SECONDS = 60


def find_compose() -> list[str] | None:
    """Return the command of Docker Compose, version 2 or 1, or None when no engine answers."""
    if not shutil.which("docker") or _run(["docker", "info"]).returncode:
        return None
    if not _run(["docker", "compose", "version"]).returncode:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


class Stack:
    """Services to start, ask, restart and throw away."""

    def __init__(self, compose: list[str], **values: str) -> None:
        empty = Path(__file__).with_name("empty.env")
        self._compose = [*compose, "--env-file", str(empty), "-f", str(ROOT / "docker-compose.yml")]
        http_port, https_port = _free_port(), _free_port()
        self.url = f"http://localhost:{http_port}"
        checkout = zlib.crc32(str(ROOT).encode())
        self.values = {
            "COMPOSE_PROJECT_NAME": f"storefront-test-{os.getpid()}",
            "SHOP_IMAGE": f"storefront:test-{checkout:08x}",
            "HTTP_PORT": str(http_port),
            "HTTPS_PORT": str(https_port),
            "SHOP_URL": self.url,
            **values,
        }

    def compose(self, *arguments: str, check: bool = True, **values: str) -> str:
        """Run a Compose command and return what it prints; `values` stand for lines of .env."""
        done = _run([*self._compose, *arguments], env=_environment({**self.values, **values}))
        if check and done.returncode:
            raise RuntimeError(f"docker compose {' '.join(arguments)} failed:\n{done.stdout[-6000:]}")
        return done.stdout

    def in_container(self, service: str, *command: str) -> str:
        """Run a command beside a service's own and return what it prints."""
        return self.compose("exec", "-T", service, *command).strip()

    def inspect(self, service: str, template: str) -> str:
        """Return a fact about a service's container, by a template of `docker inspect`; empty when there is none."""
        container = self.compose("ps", "-q", service).strip()
        return _run(["docker", "inspect", "-f", template, container]).stdout.strip() if container else ""

    def wait_until_open(self) -> None:
        """Return once the home page answers."""
        wait_for(lambda: self.answers("/"), seconds=ANSWER_SECONDS, what="the home page")

    def answers(self, path: str) -> bool:
        """Say whether a page answers 200 just now."""
        try:
            return requests.get(f"{self.url}{path}", timeout=20).status_code == 200
        except requests.RequestException:
            return False

    def logs(self) -> str:
        """Return the last lines of every service."""
        return self.compose("logs", "--no-color", "--tail", "60", check=False)

    def logs_of(self, service: str) -> str:
        """Return all a service has printed."""
        return self.compose("logs", "--no-color", service)

    def down(self) -> None:
        """Stop and remove everything, data included; the image stays, as the next build's cache."""
        self.compose("down", "--volumes", "--remove-orphans", check=False)


def wait_for(is_so, *, seconds: float, what: str) -> None:
    """Ask again and again until `is_so()`; fail with a sentence when the time is over."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.5)


def _environment(values: dict[str, str]) -> dict[str, str]:
    """Return this process's environment without a developer's own values for the shop."""
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    kept = {name: value for name, value in os.environ.items() if name not in known}
    return {**kept, "COMPOSE_ANSI": "never", **values}


def _run(command: list[str], **options) -> subprocess.CompletedProcess:
    with contextlib.suppress(FileNotFoundError):
        return subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=UP_SECONDS,
            **options,
        )
    return subprocess.CompletedProcess(command, 127, stdout=f"{command[0]} is not installed")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
