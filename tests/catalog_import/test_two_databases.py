"""PostgreSQL and SQLite end with the same catalogue: they are written to in different ways."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from catalog_import.models import ImportRun
from tests.catalog_import.conftest import DE_FILES, OWN_BRANDS, US_FILES
from tests.catalog_import.oracle import export

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROOT = Path(__file__).parents[2]


def test_both_databases_hold_the_same_catalogue(import_amazon, tmp_path):
    assert connection.vendor == "postgresql", "Set DATABASE_URL, as make test-postgres does."
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"SQLITE_FILE": str(tmp_path / "shop.sqlite3"), "VAR_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "storefront.settings.dev"

    def manage(*arguments):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr

    manage("prepare_database")
    manage("shell", "-c", "from storefront.markets.services.markets import ensure_markets; ensure_markets()")
    manage("confirm_brand", *OWN_BRANDS)
    for marketplace, files in (("us", US_FILES), ("de", DE_FILES)):
        manage("import_amazon", "apply", *files, "--marketplace", marketplace, "--no-pictures")
        import_amazon("apply", *files, marketplace=marketplace)
    manage("export_catalogue", "--output", tmp_path / "shop.jsonl")

    assert ImportRun.objects.filter(state="done").count() == 2
    assert export(with_amazon=False) == (tmp_path / "shop.jsonl").read_bytes()
