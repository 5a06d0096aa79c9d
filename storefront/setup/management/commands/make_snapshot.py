"""manage.py make_snapshot: write, or check, the committed picture of a freshly migrated SQLite database."""

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from storefront.setup.snapshot import SNAPSHOT_FILE, dump_database, load_snapshot


class Command(BaseCommand):
    help = (
        "Migrate a fresh SQLite file (about a minute) and write it to snapshot.sql; --check compares instead."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="Compare with the committed snapshot, write nothing."
        )

    def handle(self, *args, check, **options):
        with tempfile.TemporaryDirectory() as folder:
            migrated = Path(folder) / "migrated.sqlite3"
            environment = {**os.environ, "SQLITE_FILE": str(migrated), "DATABASE_URL": ""}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, check=True
            )
            fresh = dump_database(migrated)
            if not check:
                SNAPSHOT_FILE.write_text(fresh, encoding="utf-8")
                self.stdout.write(f"Wrote {SNAPSHOT_FILE.name}: {len(fresh) // 1024} KB.")
                return
            loaded_file = Path(folder) / "loaded.sqlite3"
            load_snapshot(loaded_file)
            loaded = dump_database(loaded_file)
        if loaded != fresh:
            difference = difflib.unified_diff(
                loaded.splitlines(), fresh.splitlines(), "snapshot", "migrated", n=0, lineterm=""
            )
            raise CommandError(
                "The snapshot differs from a migrated database. Run `make snapshot` and commit it.\n"
                + "\n".join(line[:200] for line in list(difference)[:20])
            )
        self.stdout.write("The snapshot equals a freshly migrated database, schema and rows.")
