"""The full-text index over the documents: FTS5 kept by triggers on SQLite, a stored tsvector on PostgreSQL."""

from django.db import migrations

DOCUMENT = "storefront_search_searchdocument"
COLUMNS = "title_terms, text_terms, code_terms"
OLD = "old.id, old.title_terms, old.text_terms, old.code_terms"
NEW = "new.id, new.title_terms, new.text_terms, new.code_terms"
FTS = "storefront_search_fts"
SQLITE_FORWARDS = [
    f"CREATE VIRTUAL TABLE {FTS} USING fts5({COLUMNS}, content='{DOCUMENT}', content_rowid='id')",
    f"CREATE TRIGGER {FTS}_insert AFTER INSERT ON {DOCUMENT} BEGIN"
    f" INSERT INTO {FTS}(rowid, {COLUMNS}) VALUES ({NEW}); END",
    f"CREATE TRIGGER {FTS}_delete AFTER DELETE ON {DOCUMENT} BEGIN"
    f" INSERT INTO {FTS}({FTS}, rowid, {COLUMNS}) VALUES ('delete', {OLD}); END",
    f"CREATE TRIGGER {FTS}_update AFTER UPDATE ON {DOCUMENT} BEGIN"
    f" INSERT INTO {FTS}({FTS}, rowid, {COLUMNS}) VALUES ('delete', {OLD});"
    f" INSERT INTO {FTS}(rowid, {COLUMNS}) VALUES ({NEW}); END",
]
SQLITE_BACKWARDS = [
    *(f"DROP TRIGGER IF EXISTS {FTS}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE IF EXISTS {FTS}",
]
VECTOR = " || ".join(
    f"setweight(to_tsvector('simple'::regconfig, {column}), '{weight}')"
    for column, weight in (("title_terms", "A"), ("code_terms", "B"), ("text_terms", "D"))
)
POSTGRESQL_FORWARDS = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"ALTER TABLE {DOCUMENT} ADD COLUMN vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    f"CREATE INDEX storefront_search_vector ON {DOCUMENT} USING gin (vector)",
    "CREATE INDEX storefront_search_word_trgm ON storefront_search_searchword USING gin (word gin_trgm_ops)",
]
POSTGRESQL_BACKWARDS = [
    "DROP INDEX IF EXISTS storefront_search_word_trgm",
    f"ALTER TABLE {DOCUMENT} DROP COLUMN vector",
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

    dependencies = [("storefront_search", "0001_index")]

    operations = [migrations.RunPython(forwards, backwards)]
