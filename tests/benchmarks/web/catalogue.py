"""The same 10,000 products twice: imported into the shop, and copied from there into a stock Oscar's tables."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from PIL import Image
from psycopg import sql

ROOT = Path(__file__).resolve().parents[3]
STOCK_SETTINGS = "tests.benchmarks.stock_oscar.settings"
OWN_SETTINGS = "storefront.settings.production"
EMPTY = "bench_web_empty"
PICTURES = 60
_SHOW_PICTURES = f"""
    INSERT INTO catalogue_productimage (product_id, original, caption, display_order, date_created)
    SELECT id, 'bench/' || (id + place) % {PICTURES} || '.jpg', '', place, now()
    FROM catalogue_product, generate_series(0, 2) AS place
    WHERE place = 0 OR structure <> 'child'
"""  # noqa: S608
_TABLES = (
    "catalogue_productclass",
    "catalogue_attributeoptiongroup",
    "catalogue_attributeoption",
    "catalogue_productattribute",
    "catalogue_category",
    "catalogue_product",
    "catalogue_productattributevalue",
    "catalogue_productcategory",
    "catalogue_productimage",
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


def own_environment(*, folder: Path, server: str, redis: str, name: str, number: int) -> dict[str, str]:
    """Return the environment of a shop of ours: a database, and a `number` of Redis's, of its own."""
    return {
        "DJANGO_SETTINGS_MODULE": OWN_SETTINGS,
        "SECRET_KEY": "for the benchmark only",
        "SHOP_URL": "http://127.0.0.1",
        "DATABASE_URL": _named(server, f"bench_web_{name}"),
        "REDIS_URL": f"{redis.rpartition('/')[0]}/{number}",
        "DEMO": "1",
        "VAR_DIR": str(folder / name),
        "MEDIA_ROOT": str(folder / name / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "OUTBOX": str(folder / name / "outbox"),
    }


def stock_environment(*, folder: Path, server: str, redis: str) -> dict[str, str]:
    """Return the environment of the stock Oscar."""
    return {
        "DJANGO_SETTINGS_MODULE": STOCK_SETTINGS,
        "STOCK_DATABASE_URL": _named(server, "bench_web_stock"),
        "STOCK_FOLDER": str(folder / "stock"),
        "REDIS_URL": redis,
        "PYTHONPATH": str(folder / "packages"),
    }


def make_empty_shop(*, server: str, environment: dict[str, str]) -> None:
    """Make the database that `fill_shop` copies: a shop that is ready to import. Migrating takes a minute."""
    _new_database(server, EMPTY)
    empty = {**environment, "DATABASE_URL": _named(server, EMPTY)}
    manage(empty, "migrate", "-v0")
    manage(empty, "prepare_shop")
    manage(empty, "shell", "-v0", "-c", _CONFIRM_BRANDS)
    manage(environment, "collectstatic", "-v0", "--noinput")


def fill_shop(*, folder: Path, server: str, environment: dict[str, str], products: int) -> None:
    """Make the shop's database anew, import an export of so many rows, and give each product pictures."""
    _new_database(server, urlsplit(environment["DATABASE_URL"]).path.lstrip("/"), template=EMPTY)
    export = folder / f"export-{products}.txt"
    generator = ROOT / "tests" / "data" / "generate_listings.py"
    options = ["--rows", str(products), "--format", "clr", "--marketplace", "us", "--seed", "7"]
    run([sys.executable, str(generator), *options, "--out", str(export)])
    command = ["import_amazon", "apply", str(export), "--marketplace", "us", "--no-pictures"]
    manage(environment, *command, codes=(0, 1))
    run_sql(environment["DATABASE_URL"], _SHOW_PICTURES)
    manage(environment, "update_search_index")
    run_sql(environment["DATABASE_URL"], "ANALYZE")


def is_filled(address: str) -> bool:
    """Say whether a run before left a catalogue in this database."""
    try:
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT count(*) FROM catalogue_productimage").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def make_pictures(media: Path) -> None:
    """Write the pictures that both shops show; what is on them makes no difference here."""
    target = media / "bench"
    target.mkdir(parents=True, exist_ok=True)
    for number in range(PICTURES):
        image = Image.effect_noise((600, 600), 40).convert("RGB")
        image.save(target / f"{number}.jpg", quality=70)


def fill_stock(*, folder: Path, server: str, environment: dict[str, str], source: str) -> None:
    """Make the stock Oscar's database anew and copy the catalogue into it; its search index is Whoosh's."""
    (folder / "stock").mkdir(exist_ok=True)
    requirements = ROOT / "tests" / "benchmarks" / "stock_oscar" / "requirements.txt"
    install = [sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--no-deps"]
    run([*install, "-t", environment["PYTHONPATH"], "-r", str(requirements)])
    make_pictures(folder / "stock" / "media")
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


def _new_database(server: str, name: str, *, template: str = "template1") -> None:
    run_sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    run_sql(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


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
