"""Triggers that make a table append-only: the database itself refuses to change or delete a row.

A guarded table's later migrations must drop the guard first and set it again: SQLite rebuilds tables to alter them,
and takes the triggers away silently. tests/evidence looks that every guard is in place.
"""

from typing import Any

from django.db import migrations

GUARDED_TABLES = ("evidence_evidence", "evidence_evidenceversion", "evidence_event")
_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION evidence_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_POSTGRES = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION evidence_refuse_change()"""
_VERBS = ("update", "delete")


def guard(*tables: str) -> migrations.RunPython:
    """Return the migration step that makes `tables` append-only; reversed, it lets go of them."""

    def put(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(_POSTGRES_FUNCTION, params=None)
        text = _POSTGRES if vendor == "postgresql" else _SQLITE
        for table in tables:
            for verb in _VERBS:
                schema_editor.execute(text.format(table=table, verb=verb), params=None)

    def take(apps: Any, schema_editor: Any) -> None:
        on_table = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for table in tables:
            for verb in _VERBS:
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}{on_table.format(table=table)}")

    return migrations.RunPython(put, take)
