"""Lighthouse's mobile profile on the shop as production serves it: PostgreSQL, Redis, gunicorn, Caddy with HTTP/2."""

import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.journeys.chromium import chromium, find_chromium

ROOT = Path(__file__).resolve().parents[2]
PIN = "lighthouse@12.8.2"  # npm; Apache-2.0
TOOLS = ROOT / "var" / "lighthouse"
REPORTS = ROOT / "var" / "lighthouse-reports"
DATABASE = "bench_lighthouse"
SERVER = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres").rsplit("/", 1)[0]
DOOR = "localhost:8443"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {
    "largest-contentful-paint": "LCP",
    "cumulative-layout-shift": "shift",
    "total-blocking-time": "blocked",
    "total-byte-weight": "weight",
}
ANY_CERTIFICATE = ssl._create_unverified_context()  # noqa: S323 - Caddy's own authority, on this machine


def main() -> None:
    """Print each page's four scores, its figures and every audit it fails; keep the reports."""
    lighthouse = _install_lighthouse()
    REPORTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, production_shop(Path(folder)) as url:
        for name, address in _pages(url).items():
            _print_report(name, _measure(lighthouse, name, address))
        basket = _cookies_with_basket(_pages(url)["product"])
        _print_report("checkout", _measure(lighthouse, "checkout", f"{url}/checkout/", cookies=basket))


def _install_lighthouse() -> Path:
    program = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", str(TOOLS), PIN], check=True)
    return program


@contextmanager
def production_shop(folder: Path) -> Iterator[str]:
    """Yield the address of the demo shop under production's settings, behind Caddy."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
        "SECRET_KEY": "bench" * 10,
        "SHOP_URL": f"https://{DOOR}",
        "DATABASE_URL": f"{SERVER}/{DATABASE}",
        "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/9"),
        "DEMO": "1",
        "VAR_DIR": str(folder / "var"),
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "OUTBOX": str(folder / "outbox"),
        "XDG_DATA_HOME": str(folder / "caddy"),
        "SITE_ADDRESS": DOOR,
        "STRIPE_STANDIN": "1",
        "STRIPE_SECRET_KEY": "sk_test_standin",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_standin",
        "STRIPE_WEBHOOK_SECRETS": "whsec_standin",
        "STRIPE_API_BASE": "http://127.0.0.1:8420",
        "STRIPE_JS_URL": "/_stripe/v3/",
    }
    python = sys.executable
    maintenance = ["psql", "-q", f"{SERVER}/postgres", "-c"]
    with ExitStack() as stack:
        _run([*maintenance, f"drop database if exists {DATABASE} with (force)"], environment)
        _run([*maintenance, f"create database {DATABASE}"], environment)
        _run(["redis-cli", "-u", environment["REDIS_URL"], "flushdb"], environment)
        stack.callback(_run, [*maintenance, f"drop database if exists {DATABASE} with (force)"], environment)
        for command in (["prepare_database"], ["prepare_shop", "--demo"], ["collectstatic", "--noinput"]):
            _run([python, "manage.py", *command], environment)
        caddyfile = folder / "Caddyfile"
        text = (ROOT / "Caddyfile").read_text(encoding="utf-8")
        for inside, here in (
            ("web:8000", "127.0.0.1:8401"),
            ("standin:", "127.0.0.1:"),
            ("/srv", str(folder)),
        ):
            text = text.replace(inside, here)
        caddyfile.write_text("{\n\tskip_install_trust\n\tadmin off\n}\n" + text, encoding="utf-8")
        stand_in = [
            python,
            "-m",
            "tests.servers.stripe",
            "--port=8420",
            f"--state={folder / 'stripe.sqlite3'}",
        ]
        stack.enter_context(_running(stand_in, environment))
        server = ["gunicorn", "storefront.wsgi", "--bind", "127.0.0.1:8401", "--worker-class", "gthread"]
        stack.enter_context(_running([*server, "--threads", "4", "--workers", "2", "--preload"], environment))
        stack.enter_context(_running(["caddy", "run", "--config", str(caddyfile)], environment))
        _wait_for(f"https://{DOOR}/")
        yield f"https://{DOOR}"


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout[-500:]}{done.stderr[-1500:]}")


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            _read(address)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} does not answer")


def _read(address: str) -> str:
    with urlopen(address, context=ANY_CERTIFICATE, timeout=20) as response:
        return response.read().decode()


def _pages(url: str) -> dict[str, str]:
    """Return the pages to measure by name, each visited once so that its first making is not measured."""
    listing = _read(f"{url}/products/")
    product = re.findall(r'href="(/products/[^"/]+_\d+/)"', listing)[0]
    category = re.findall(r'href="(/products/category/[^"]+)"', listing)[0]
    addresses = {"home": "/", "category": category, "product": product}
    for address in addresses.values():
        _read(url + address)
    return {name: url + address for name, address in addresses.items()}


def _cookies_with_basket(product: str) -> str:
    """Put a product into a basket by its page's own button and return the cookies."""
    with chromium() as browser:
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(product)
        page.locator("[data-buy]").first.click()
        page.locator("#mini-basket").wait_for()
        return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())


def _measure(lighthouse: Path, name: str, address: str, *, cookies: str = "") -> dict:
    report = REPORTS / f"{name}.json"
    flags = "--headless=new --no-sandbox --disable-gpu --ignore-certificate-errors"
    subprocess.run(
        [
            str(lighthouse),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--chrome-flags={flags}",
            *([f"--extra-headers={json.dumps({'Cookie': cookies})}"] if cookies else []),
        ],
        env={**os.environ, "CHROME_PATH": find_chromium()},
        check=True,
        capture_output=True,
        timeout=180,
    )
    return json.loads(report.read_text(encoding="utf-8"))


def _print_report(name: str, report: dict) -> None:
    audits = report["audits"]
    scores = " / ".join(f"{round(100 * report['categories'][key]['score'])}" for key in CATEGORIES)
    figures = "  ".join(f"{label} {audits[key]['displayValue']}" for key, label in FIGURES.items())
    print(f"{name:10} {scores}   {figures}", flush=True)
    for category in CATEGORIES:
        for entry in report["categories"][category]["auditRefs"]:
            audit = audits[entry["id"]]
            if entry["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"           {category}: {audit['title']} {audit.get('displayValue', '')}", flush=True)


if __name__ == "__main__":
    main()
