"""A search of PostgreSQL takes one process: for a word that most products have it read all of the table with three."""

from django.db import migrations

DOCUMENT = "storefront_search_searchdocument"
FORWARDS = f"ALTER TABLE {DOCUMENT} SET (parallel_workers = 0)"
BACKWARDS = f"ALTER TABLE {DOCUMENT} RESET (parallel_workers)"


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORWARDS)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACKWARDS)


class Migration(migrations.Migration):
    dependencies = [("storefront_search", "0005_words_by_language")]

    operations = [migrations.RunPython(forwards, backwards)]
