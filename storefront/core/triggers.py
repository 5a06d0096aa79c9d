"""Statements that put a trigger on a table, in the words of either database."""

from collections.abc import Iterable, Iterator


def write_trigger(
    vendor: str,
    *,
    name: str,
    table: str,
    event: str,
    does: Iterable[str],
    when: str = "",
    is_of_many: bool = False,
    settings: str = "",
) -> Iterator[str]:
    """Yield what puts a trigger after `event` in the place of one of the same name; it does the statements `does`.

    It is asked of each row that it is true of (`when`), or, on PostgreSQL only, once of all rows of a statement, which
    are then those of a table `written`. `settings` are PostgreSQL's while it runs.
    """
    body = " ".join(f"{statement};" for statement in does)
    when = f" WHEN ({when})" if when else ""
    after = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table}"
    if vendor == "sqlite":
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"{after}{when} BEGIN {body} END"
        return
    each = "REFERENCING NEW TABLE AS written FOR EACH STATEMENT" if is_of_many else f"FOR EACH ROW{when}"
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql{settings}"
        f" AS $$ BEGIN {body} RETURN NULL; END $$"
    )
    yield f"{after} {each} EXECUTE FUNCTION {name}()"
