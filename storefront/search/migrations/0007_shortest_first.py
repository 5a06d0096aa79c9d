"""PostgreSQL reads documents in the order of their length, and titles by an index: a common word need not read all."""

from django.db import migrations

DOCUMENT = "storefront_search_searchdocument"
WORDS = "string_to_array(title_terms || ' ' || code_terms || ' ' || text_terms, ' ')"
FORWARDS = [
    f"ALTER TABLE {DOCUMENT} ADD COLUMN length integer"
    f" GENERATED ALWAYS AS (cardinality(array_remove({WORDS}, ''))) STORED",
    f"CREATE INDEX storefront_search_shortest ON {DOCUMENT} (language, length, product_id)",
    f"CREATE INDEX storefront_search_titles ON {DOCUMENT} USING gin ("
    "(to_tsvector('simple'::regconfig, title_terms) || array_to_tsvector(ARRAY['lang:' || language]))"
    ") WITH (fastupdate = off)",
    f"ANALYZE {DOCUMENT}",
]
BACKWARDS = [
    "DROP INDEX storefront_search_titles",
    f"ALTER TABLE {DOCUMENT} DROP COLUMN length",  # and the index of it
]


def forwards(apps, schema_editor):
    for statement in FORWARDS if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in BACKWARDS if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("storefront_search", "0006_one_process")]

    operations = [migrations.RunPython(forwards, backwards)]
