"""Run the stand-in from the command line: python -m tests.servers.stripe --help."""

import argparse
import signal
import sys
import threading

from .keys import LiveKeyError
from .server import StripeStandIn


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command line's settings."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers.stripe",
        description="A stand-in for Stripe, for tests and demonstrations. No money moves.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8420, help="0 takes a free port and prints it")
    parser.add_argument("--webhook-url", help="the shop's webhook; without it no webhooks are sent")
    parser.add_argument("--webhook-secret", default="whsec_standin")
    parser.add_argument("--webhook-mode", choices=("auto", "manual"), default="auto")
    parser.add_argument(
        "--public-url", help="the address browsers reach it by, when that is not the one they ask for"
    )
    parser.add_argument("--state", metavar="FILE", help="a SQLite file, to survive restarts")
    parser.add_argument("--secret-key", help="the only secret key to accept (default: any sk_test_ key)")
    parser.add_argument(
        "--publishable-key", help="the only publishable key to accept (default: any pk_test_ key)"
    )
    parser.add_argument("--sepa", action="store_true", help="also take SEPA Direct Debit, in EUR")
    parser.add_argument("--latency-ms", type=int, default=0, help="wait so long before each answer")
    parser.add_argument(
        "--strict", action="store_true", help="check requests against the installed stripe package"
    )
    parser.add_argument("--verbose", action="store_true", help="print a line for each request")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT."""
    settings = read_arguments(arguments)
    try:
        server = StripeStandIn(
            webhook_url=settings.webhook_url,
            webhook_secret=settings.webhook_secret,
            webhook_mode=settings.webhook_mode,
            host=settings.host,
            port=settings.port,
            public_url=settings.public_url,
            state=settings.state,
            secret_key=settings.secret_key,
            publishable_key=settings.publishable_key,
            payment_method_types=("card", "sepa_debit") if settings.sepa else ("card",),
            latency_seconds=settings.latency_ms / 1000,
            strict=settings.strict,
            verbose=settings.verbose,
        )
    except (LiveKeyError, OSError) as error:
        print(f"stripe stand-in: {error}", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with server:
        print(f"stripe stand-in: listening on {server.base_url} (no money moves)", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
