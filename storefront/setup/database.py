"""Bring the shop's database to the newest schema, whatever it is now."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from storefront.setup.snapshot import load_snapshot

_LOCK_KEY = zlib.crc32(b"storefront.prepare_database")


def prepare_database() -> str:
    """Create or migrate the database and say in a sentence what was done; safe to run by several at once."""
    with _one_at_a_time():
        created = _create_sqlite_file()
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            call_command("migrate", interactive=False, verbosity=0)
            return f"migrated: {len(pending)} step(s)"
    return "created from the snapshot" if created else "up to date"


def _create_sqlite_file() -> bool:
    if connection.vendor != "sqlite":
        return False
    path = Path(connection.settings_dict["NAME"])
    if path.exists() and path.stat().st_size:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.close()
    load_snapshot(path)
    return True


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold PostgreSQL's advisory lock, so that containers starting together migrate once."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])
