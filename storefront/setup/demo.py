"""`make demo`: from nothing to a running shop with test payments, in one process tree that Ctrl-C stops.

This module is run before Django is set up: it chooses ports and keys, puts them in the environment, starts the
payment stand-in, and only then loads the settings.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = 4
RECONCILE_SECONDS = 300


def main(arguments: list[str] | None = None) -> int:
    """Run the demo until it is stopped; 0 when stopped by the person, 1 when something is missing."""
    options = _read_arguments(arguments)
    signal.signal(signal.SIGTERM, _stop)
    var = Path(os.environ.setdefault("VAR_DIR", str(ROOT / "var")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")
    os.environ.setdefault("DEBUG", "0")
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("SHOP_NAME", "Zellumo")
    if options.reset:
        _remove(var)
    port = _free_port(options.port)
    if port != options.port:
        print(f"Port {options.port} is taken; using {port}.", flush=True)
    os.environ.setdefault("SHOP_URL", f"http://127.0.0.1:{port}")
    try:
        with _stand_in(shop_port=port, var=var):
            _prepare()
            _serve(port)
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
    except OSError as error:
        print(
            f"\nThe demo could not go on: {error}. Free some space or close what is in the way, then start again."
        )
        return 1
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="Start the demo shop.")
    parser.add_argument("--reset", action="store_true", help="remove the demo's data first")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    return parser.parse_args(arguments)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _remove(var: Path) -> None:
    for name in ("shop.sqlite3", "shop.sqlite3-wal", "shop.sqlite3-shm", "stripe.sqlite3", "staff-password"):
        (var / name).unlink(missing_ok=True)
    for name in ("media", "outbox"):
        shutil.rmtree(var / name, ignore_errors=True)
    print("Starting over: the demo's data is removed.", flush=True)


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"ports {wanted} to {wanted + 99} are all taken")


@contextmanager
def _stand_in(*, shop_port: int, var: Path) -> Iterator[None]:
    """Run the payment stand-in beside the shop, unless Stripe's own keys are in the environment."""
    if os.environ.get("STRIPE_SECRET_KEY"):
        yield
        return
    port, secret = _free_port(shop_port + 420), f"whsec_{secrets.token_hex(16)}"
    var.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    os.environ.update(
        STRIPE_STANDIN="1",
        STRIPE_SECRET_KEY="sk_test_standin",  # noqa: S106 - the stand-in takes any
        STRIPE_PUBLISHABLE_KEY="pk_test_standin",
        STRIPE_WEBHOOK_SECRETS=secret,
        STRIPE_API_BASE=address,
        STRIPE_JS_URL=f"{address}/v3/",
    )
    webhook = f"http://127.0.0.1:{shop_port}/payments/webhook/"
    command = [sys.executable, "-m", "tests.servers.stripe", "--port", str(port), "--webhook-url", webhook]
    command += ["--webhook-secret", secret, "--state", str(var / "stripe.sqlite3")]
    process = subprocess.Popen(  # noqa: S603 - our own server
        command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _prepare() -> None:
    import django

    with _step(1, "Loading"):
        django.setup()
    from storefront.setup.database import prepare_database
    from storefront.setup.services import prepare_shop

    with _step(2, "Database"):
        print(f"        {prepare_database()}", flush=True)
    with _step(3, "Catalogue, pictures, pages, staff account"):
        account = prepare_shop(demo=True, say=lambda line: print(f"        {line}", flush=True))
    print(f"\n  Back office   {os.environ['SHOP_URL']}/admin/")
    print(f"    e-mail      {account.email}\n    password    {account.password or 'the one you chose'}")
    if os.environ.get("STRIPE_STANDIN") == "1":
        address = os.environ["STRIPE_API_BASE"]
        print(f"  Payments      test payments by a local stand-in for Stripe at {address}: no money moves")
        print("    card        4242 4242 4242 4242, any future date, any code")
    else:
        print(
            "  Payments      Stripe, with the keys in your environment. Webhooks from Stripe reach this machine"
        )
        print("                only through `stripe listen`; without it the return page settles payments.")
    print(f"  E-mails       {os.environ['VAR_DIR']}/outbox\n", flush=True)


@contextmanager
def _step(number: int, name: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"[{number}/{STEPS}] {name} …", flush=True)
    yield
    print(f"        done in {time.monotonic() - started:.1f} s", flush=True)


def _serve(port: int) -> None:
    from django.core.management import call_command

    threading.Thread(target=_reconcile_now_and_then, daemon=True).start()
    print(f"[4/{STEPS}] Your shop is open at http://127.0.0.1:{port}  (Ctrl-C stops it)", flush=True)
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True, verbosity=0)


def _reconcile_now_and_then() -> None:
    """Do here what the scheduler container does: settle and expire open payments."""
    from django.core.management import call_command

    while True:
        time.sleep(RECONCILE_SECONDS)
        call_command("reconcile_payments", verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
