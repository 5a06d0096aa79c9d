"""Take in bank statements and customs lists that were stored as evidence; the same lines again change nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import models, transaction

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.selectors import read_version
from storefront.evidence.services import record_event
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import BankLine, CustomsLine, LegalEntity
from storefront.subsidies.services.projects import check_maker
from storefront.subsidies.speech import say
from storefront.subsidies.statements import RowProblem, read_bank_rows, read_customs_rows

_BATCH = 1000
_SHOWN_PROBLEMS = 200


@dataclass(frozen=True)
class Imported:
    """What came of a file: new lines, lines that were known, and rows that were left out (the first 200 of them)."""

    new: int
    known: int
    problems: tuple[RowProblem, ...]
    problem_count: int

    def sentences(self) -> list[str]:
        """Say what is wrong with each row that was left out, in the reader's language."""
        return [
            say(f"statement.{one.why}", line=one.line, column=one.column, value=one.value)
            for one in self.problems
        ]


def import_bank_statement(
    *, statement: EvidenceVersion, entity: LegalEntity, account: str, currency: str, by: Any, now: datetime
) -> Imported:
    """Take in a bank statement of an entity's account. Raises EntryRefused for a file that is no statement."""
    check_maker(group=entity.group, by=by)

    def line(row: Any) -> BankLine:
        values = {name: getattr(row, name) for name in _BANK_FIELDS}
        return BankLine(entity=entity, account=account.strip(), statement=statement, **values)

    return _take_in(
        BankLine,
        version=statement,
        read=lambda content: read_bank_rows(content, currency=currency),
        line=line,
        known={"entity": entity},
        verb="bank.imported",
        subject=f"group:{entity.group}",
        by=by,
        now=now,
    )


def import_customs_list(*, listing: EvidenceVersion, group: str, by: Any, now: datetime) -> Imported:
    """Take in a customs list of a group. Raises EntryRefused for a file that is none."""
    check_maker(group=group, by=by)

    def line(row: Any) -> CustomsLine:
        values = {name: getattr(row, name) for name in _CUSTOMS_FIELDS}
        return CustomsLine(group=group, listing=listing, **values)

    return _take_in(
        CustomsLine,
        version=listing,
        read=read_customs_rows,
        line=line,
        known={"group": group},
        verb="customs.imported",
        subject=f"group:{group}",
        by=by,
        now=now,
    )


_BANK_FIELDS = ("booked_on", "amount", "currency", "reference", "counterparty", "fingerprint", "line")
_CUSTOMS_FIELDS = (
    "declaration",
    "mode",
    "declared_on",
    "declarant",
    "reference",
    "quantity",
    "fob",
    "currency",
)
_CUSTOMS_FIELDS += ("fingerprint", "line")


def _take_in(
    model: type[models.Model],
    *,
    version: EvidenceVersion,
    read: Callable[[bytes], Iterator[Any]],
    line: Callable[[Any], Any],
    known: dict[str, Any],
    verb: str,
    subject: str,
    by: Any,
    now: datetime,
) -> Imported:
    rows = read(b"".join(read_version(version)))
    seen = problem_count = 0
    problems: list[RowProblem] = []
    with transaction.atomic():
        before = model.objects.filter(**known).count()
        try:
            while batch := list(islice(rows, _BATCH)):
                wrong = [row for row in batch if isinstance(row, RowProblem)]
                problem_count += len(wrong)
                problems += wrong[: _SHOWN_PROBLEMS - len(problems)]
                good = [line(row) for row in batch if not isinstance(row, RowProblem)]
                seen += len(good)
                model.objects.bulk_create(good, ignore_conflicts=True)
        except ValueError as error:
            raise EntryRefused(say("refused.statement", name=version.file_name, what=error)) from error
        new = model.objects.filter(**known).count() - before
        record_event(
            verb=verb, subject=subject, by=by, now=now, file=str(version), sha256=version.sha256, new=new
        )
    return Imported(new, seen - new, tuple(problems), problem_count)
