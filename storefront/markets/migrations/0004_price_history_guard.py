"""The database itself refuses to change the history of prices.

On PostgreSQL it refuses to delete, too. SQLite has no TRUNCATE: emptying a table is a deletion row by row there, and
the embedded shop must be able to start over. Only the product may become null: it may be deleted, its prices stay.
A later migration that rebuilds the table on SQLite drops the trigger and must run `forwards` again.
"""

from django.db import migrations

COLUMNS = "product_reference, market_id, amount, currency, at, is_reduction, source, recorded_at"
MESSAGE = "the history of prices cannot be changed"

SQLITE_FORWARDS = [
    f"CREATE TRIGGER markets_pricechange_fixed BEFORE UPDATE OF {COLUMNS} ON markets_pricechange"
    f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
]
SQLITE_BACKWARDS = ["DROP TRIGGER IF EXISTS markets_pricechange_fixed"]
POSTGRESQL_FORWARDS = [
    "CREATE FUNCTION markets_pricechange_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE TRIGGER markets_pricechange_fixed BEFORE UPDATE OF {COLUMNS} OR DELETE ON markets_pricechange"
    " FOR EACH ROW EXECUTE FUNCTION markets_pricechange_refuse()",
]
POSTGRESQL_BACKWARDS = [
    "DROP TRIGGER IF EXISTS markets_pricechange_fixed ON markets_pricechange",
    "DROP FUNCTION IF EXISTS markets_pricechange_refuse()",
]


def forwards(apps, schema_editor):
    statements = {"sqlite": SQLITE_FORWARDS, "postgresql": POSTGRESQL_FORWARDS}
    for statement in statements.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    statements = {"sqlite": SQLITE_BACKWARDS, "postgresql": POSTGRESQL_BACKWARDS}
    for statement in statements.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("markets", "0003_prices")]

    operations = [migrations.RunPython(forwards, backwards)]
