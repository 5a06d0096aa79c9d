"""PostgreSQL looks words up by language: a search of one read the documents of all, or the list of all in its own."""

from django.db import migrations

DOCUMENT = "storefront_search_searchdocument"
FORWARDS = [
    f"CREATE INDEX storefront_search_words ON {DOCUMENT}"
    " USING gin ((vector || array_to_tsvector(ARRAY['lang:' || language]))) WITH (fastupdate = off)",
    "DROP INDEX storefront_search_vector",
    f"ANALYZE {DOCUMENT}",
]
BACKWARDS = [
    f"CREATE INDEX storefront_search_vector ON {DOCUMENT} USING gin (vector) WITH (fastupdate = off)",
    "DROP INDEX storefront_search_words",
]


def forwards(apps, schema_editor):
    for statement in FORWARDS if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in BACKWARDS if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("storefront_search", "0004_search_at_once")]

    operations = [migrations.RunPython(forwards, backwards)]
