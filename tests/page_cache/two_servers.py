"""A shop as production runs it: two web servers and a worker that share PostgreSQL and Redis, a CDN before the second.

`python -m tests.page_cache.two_servers` fills it, with its settings, and prints the products' addresses as JSON.
"""

import json
import os
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import requests
from bs4 import BeautifulSoup

from tests.servers.cdn import CdnStandIn
from tests.servers.processes import ROOT, gunicorn, redis_server, running

MERCHANT, PASSWORD = "owner@example.test", "correct horse"
PURGE_TOKEN = "purge"


@dataclass(frozen=True)
class TwoServers:
    """The addresses of both servers and of the CDN; `paths` are the products'."""

    first: str
    second: str
    cdn: CdnStandIn
    paths: dict[str, str]


@contextmanager
def two_servers(*, folder: Path, server: str, template: str) -> Iterator[TwoServers]:
    """Run a shop whose database is a copy of `template` on this PostgreSQL server."""
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        name = f"{template}_copy"
        _drop(server, name)
        _run_sql(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        stack.callback(_drop, server, name)
        database = urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path=f"/{name}"))
        (folder / "static").mkdir()
        environment = _environment(folder=folder, redis=redis, database=database)
        paths = _prepare(environment)
        # The CDN's own address must be known to the shop before the shop's to the CDN.
        cdn = stack.enter_context(CdnStandIn(origin="", token=PURGE_TOKEN))
        environment |= {"CDN_SECONDS": "3600", "CDN_PURGE_URL": cdn.purge_url, "CDN_PURGE_TOKEN": PURGE_TOKEN}
        ports = [
            stack.enter_context(gunicorn("storefront.wsgi", environment=environment, workers=1))[0]
            for _server in range(2)
        ]
        worker = [sys.executable, "-m", "django", "db_worker", "--queue-name", "*", "--interval", "0.1"]
        stack.enter_context(running(worker, environment=environment))
        first, second = (f"http://127.0.0.1:{port}" for port in ports)
        cdn.origin = urllib.parse.urlsplit(second)
        yield TwoServers(first, second, cdn, paths)


class Merchant:
    """Somebody who works in the back office of one server, by its forms."""

    def __init__(self, server: str) -> None:
        self._server, self._session = server, requests.Session()
        self.send("/admin/login/", {"username": MERCHANT, "password": PASSWORD})

    def send(self, path: str, changes: dict[str, str]) -> None:
        """Send the form of a page with some fields changed; what is refused says why."""
        address = f"{self._server}{path}"
        form = self._session.get(address, timeout=60)
        form.raise_for_status()
        fields = _form_data(form.text) | changes
        answer = self._session.post(address, fields, allow_redirects=False, timeout=60)
        assert answer.status_code == 302, re.sub(r"\s+", " ", BeautifulSoup(answer.text).get_text())[-3000:]


def _form_data(page: str) -> dict[str, str]:
    """Return what a browser would send back unchanged from the form of a page."""
    form = max(
        BeautifulSoup(page, "html.parser").select("form[method=post i]"), key=lambda each: len(str(each))
    )
    data: dict[str, str] = {}
    for field in form.select("input[name]:not([type=file]), textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[name] = str(chosen["value"]) if chosen else ""
        elif field.name == "textarea":
            data[name] = field.get_text(strip=True)
        elif field.get("type") not in ("checkbox", "radio", "submit"):
            data[name] = str(field.get("value", ""))
        elif field.has_attr("checked"):
            data[name] = str(field.get("value", "on"))
    return data


def _environment(*, folder: Path, redis: str, database: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.page_cache.production_settings",
        "SECRET_KEY": "for a test only",
        "SHOP_URL": "http://127.0.0.1",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "DEMO": "1",  # payments by the stand-in; no catalogue
        "VAR_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "OUTBOX": str(folder / "outbox"),
    }


def _prepare(environment: dict[str, str]) -> dict[str, str]:
    command = [sys.executable, "-m", "tests.page_cache.two_servers"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _drop(server: str, name: str) -> None:
    _run_sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run_sql(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as maintenance:
        maintenance.execute(statement)


def _fill() -> None:
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone

    from storefront.cms.models import HomePage
    from storefront.search.indexing import update_index
    from tests.catalogue.factories import make_category, make_single

    call_command("migrate", verbosity=0)
    call_command("prepare_shop")
    garden = make_category("Garden")
    products = {name: make_single(name, category=garden, stock=50) for name in ("Lamp", "Chair")}
    get_user_model().objects.create_superuser(email=MERCHANT, password=PASSWORD)
    update_index(now=timezone.now())
    print(
        json.dumps(
            {
                **{name: product.get_absolute_url() for name, product in products.items()},
                "Lamp's form": f"/admin/shop/catalogue/products/{products['Lamp'].pk}/",
                "home's form": f"/admin/pages/{HomePage.objects.order_by('pk')[0].pk}/edit/",
            }
        )
    )


if __name__ == "__main__":
    _fill()
