"""The same 10,000 products twice: imported into the shop, and copied from there into a stock Oscar's tables."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[3]
STOCK_SETTINGS = "tests.benchmarks.stock_oscar.settings"
OWN_SETTINGS = "storefront.settings.production"
_TABLES = (
    "catalogue_productclass",
    "catalogue_attributeoptiongroup",
    "catalogue_attributeoption",
    "catalogue_productattribute",
    "catalogue_category",
    "catalogue_product",
    "catalogue_productattributevalue",
    "catalogue_productcategory",
    "partner_partner",
    "partner_stockrecord",
)
_CONFIRM_BRANDS = """
from django.utils import timezone
from catalog_import.rights.services import confirm_brand
from storefront.setup.services import DEMO_BRANDS
for brand in DEMO_BRANDS:
    confirm_brand(name=brand, basis="own", now=timezone.now())
"""


def environments(*, folder: Path, server: str, redis: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the environments of the shop and of the stock Oscar; databases of their own on one server."""
    own = {
        "DJANGO_SETTINGS_MODULE": OWN_SETTINGS,
        "SECRET_KEY": "for the benchmark only",
        "SHOP_URL": "http://127.0.0.1",
        "DATABASE_URL": _named(server, "bench_web_own"),
        "REDIS_URL": redis,
        "DEMO": "1",
        "VAR_DIR": str(folder / "own"),
        "MEDIA_ROOT": str(folder / "own" / "media"),
        "STATIC_ROOT": str(folder / "own" / "static"),
        "OUTBOX": str(folder / "own" / "outbox"),
    }
    stock = {
        "DJANGO_SETTINGS_MODULE": STOCK_SETTINGS,
        "STOCK_DATABASE_URL": _named(server, "bench_web_stock"),
        "STOCK_FOLDER": str(folder / "stock"),
        "REDIS_URL": redis,
        "PYTHONPATH": str(folder / "packages"),
    }
    return own, stock


def fill_shop(*, folder: Path, server: str, environment: dict[str, str], products: int) -> None:
    """Make the shop's database anew and import an export of so many rows."""
    _new_database(server, "bench_web_own")
    export = folder / "export.txt"
    generator = ROOT / "tests" / "data" / "generate_listings.py"
    options = ["--rows", str(products), "--format", "clr", "--marketplace", "us", "--seed", "7"]
    run([sys.executable, str(generator), *options, "--out", str(export)])
    manage(environment, "migrate", "-v0")
    manage(environment, "prepare_shop")
    manage(environment, "shell", "-v0", "-c", _CONFIRM_BRANDS)
    manage(
        environment,
        "import_amazon",
        "apply",
        str(export),
        "--marketplace",
        "us",
        "--no-pictures",
        codes=(0, 1),
    )
    manage(environment, "update_search_index")
    manage(environment, "collectstatic", "-v0", "--noinput")
    run_sql(environment["DATABASE_URL"], "ANALYZE")


def fill_stock(*, folder: Path, server: str, environment: dict[str, str], source: str) -> None:
    """Make the stock Oscar's database anew and copy the catalogue into it; its search index is Whoosh's."""
    (folder / "stock").mkdir(exist_ok=True)
    requirements = ROOT / "tests" / "benchmarks" / "stock_oscar" / "requirements.txt"
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "-t",
            environment["PYTHONPATH"],
            "-r",
            str(requirements),
        ]
    )
    _new_database(server, "bench_web_stock")
    manage(environment, "migrate", "-v0")
    with psycopg.connect(source) as own, psycopg.connect(environment["STOCK_DATABASE_URL"]) as stock:
        for table in _TABLES:
            _copy(own, stock, table)
    manage(environment, "update_index", "-v0")
    run_sql(environment["STOCK_DATABASE_URL"], "ANALYZE")


def manage(environment: dict[str, str], *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run a management command and return what it printed."""
    return run([sys.executable, "-m", "django", *arguments], environment=environment, codes=codes)


def run(
    command: list[str], *, environment: dict[str, str] | None = None, codes: tuple[int, ...] = (0,)
) -> str:
    """Run a program in the project's folder and return what it printed."""
    values = {**os.environ, **(environment or {})}
    values["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), values.get("PYTHONPATH")]))
    done = subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True)
    if done.returncode not in codes:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def run_sql(address: str, statement: str) -> None:
    """Run one statement outside of a transaction."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _new_database(server: str, name: str) -> None:
    run_sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    run_sql(server, f'CREATE DATABASE "{name}"')


def _copy(own: psycopg.Connection, stock: psycopg.Connection, table: str) -> None:
    """Copy the columns that both have; the stock table is emptied of what its migrations wrote."""
    question = (
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position"
    )
    theirs = {row[0] for row in stock.execute(question, [table])}
    columns = [row[0] for row in own.execute(question, [table]) if row[0] in theirs]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    stock.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))
    read = sql.SQL("COPY (SELECT {} FROM {} ORDER BY id) TO STDOUT").format(names, sql.Identifier(table))
    write = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with own.cursor().copy(read) as source, stock.cursor().copy(write) as target:
        for block in source:
            target.write(block)
