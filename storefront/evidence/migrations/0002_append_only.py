"""Start the log, and let the database refuse every change of what was written."""

from django.db import migrations

from storefront.evidence.guards import GUARDED_TABLES, guard


def start_log(apps, schema_editor):
    apps.get_model("evidence", "EventHead").objects.get_or_create(pk=1, defaults={"sequence": 0, "hash": "0" * 64})


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_evidence")]

    operations = [
        migrations.RunPython(start_log, migrations.RunPython.noop),
        guard(*GUARDED_TABLES),
    ]
