"""The database itself refuses to change the ledger of gift cards and store credit.

On PostgreSQL it refuses to delete, too; on SQLite the embedded shop must be able to start over. Only the author may
become null. A later migration that rebuilds the table on SQLite drops the trigger and must run `forwards` again.
"""

from django.db import migrations

COLUMNS = 'account_id, "key", reason, amount, balance_after, order_id, at'
MESSAGE = "the ledger of credit cannot be changed"

SQLITE_FORWARDS = [
    f"CREATE TRIGGER tender_creditentry_fixed BEFORE UPDATE OF {COLUMNS} ON tender_creditentry"
    f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
]
SQLITE_BACKWARDS = ["DROP TRIGGER IF EXISTS tender_creditentry_fixed"]
POSTGRESQL_FORWARDS = [
    "CREATE FUNCTION tender_creditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE TRIGGER tender_creditentry_fixed BEFORE UPDATE OF {COLUMNS} OR DELETE ON tender_creditentry"
    " FOR EACH ROW EXECUTE FUNCTION tender_creditentry_refuse()",
]
POSTGRESQL_BACKWARDS = [
    "DROP TRIGGER IF EXISTS tender_creditentry_fixed ON tender_creditentry",
    "DROP FUNCTION IF EXISTS tender_creditentry_refuse()",
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

    dependencies = [("tender", "0001_credit")]

    operations = [migrations.RunPython(forwards, backwards)]
