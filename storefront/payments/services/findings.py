"""Keep the list of what a person must decide: one finding per matter, gone when the matter is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from storefront.payments.models import Finding, FindingKind, FindingState


@dataclass(frozen=True)
class Matter:
    """Something found now: what, about which object, and the facts its sentence needs, as texts."""

    kind: FindingKind
    object_id: str
    payment_id: int | None = None
    facts: dict[str, str] = field(default_factory=dict)
    due_at: datetime | None = None


@transaction.atomic
def keep_findings(matters: Iterable[Matter], *, judged: frozenset[FindingKind], now: datetime) -> int:
    """Write what was found, close what of the kinds `judged` is no longer there; return how many are new.

    What a person has dealt with stays so while its facts are the same.
    """
    found = {(matter.kind.value, matter.object_id): matter for matter in matters}
    rows = Finding.objects.select_for_update().filter(object_id__in=[key[1] for key in found]).order_by("pk")
    known = {(row.kind, row.object_id): row for row in rows}
    for key, row in known.items():
        if key in found:
            _see_again(row, found[key], now=now)
    new = [_new(matter, now=now) for key, matter in found.items() if key not in known]
    Finding.objects.bulk_create(new, ignore_conflicts=True)
    gone = Finding.objects.filter(state=FindingState.OPEN, kind__in=judged).exclude(seen_at=now)
    gone.update(state=FindingState.RESOLVED, closed_at=now, closed_by=None)
    return len(new)


@transaction.atomic
def close_finding(*, finding_id: int, note: str, by: Any, now: datetime) -> Finding:
    """Mark the finding as dealt with by a person; it opens again only if its facts change."""
    finding = Finding.objects.select_for_update().get(pk=finding_id)
    finding.state, finding.note = FindingState.DONE, note[:500]
    finding.closed_at, finding.closed_by = now, by
    finding.save(update_fields=["state", "note", "closed_at", "closed_by"])
    return finding


def _new(matter: Matter, *, now: datetime) -> Finding:
    return Finding(
        kind=matter.kind,
        object_id=matter.object_id,
        payment_id=matter.payment_id,
        facts=matter.facts,
        due_at=matter.due_at,
        found_at=now,
        seen_at=now,
    )


def _see_again(row: Finding, matter: Matter, *, now: datetime) -> None:
    has_changed = row.facts != matter.facts
    if row.state == FindingState.RESOLVED or (row.state == FindingState.DONE and has_changed):
        row.state, row.found_at, row.closed_at, row.closed_by = FindingState.OPEN, now, None, None
    row.facts, row.due_at, row.payment_id, row.seen_at = matter.facts, matter.due_at, matter.payment_id, now
    row.save()
