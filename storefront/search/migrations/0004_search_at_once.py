"""The full-text indexes of PostgreSQL take each word at once: a search read all that waited in their queue."""

from django.db import migrations

INDEXES = ("storefront_search_vector", "storefront_search_word_trgm")


def forwards(apps, schema_editor):
    for index in INDEXES if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(f"ALTER INDEX {index} SET (fastupdate = off)")
        schema_editor.execute(f"SELECT gin_clean_pending_list('{index}')")


def backwards(apps, schema_editor):
    for index in INDEXES if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(f"ALTER INDEX {index} RESET (fastupdate)")


class Migration(migrations.Migration):
    dependencies = [("storefront_search", "0003_change_tag")]

    operations = [migrations.RunPython(forwards, backwards)]
