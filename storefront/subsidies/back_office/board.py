"""What the board of a project shows: what is met, what is missing, how many days are left, how much money."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from storefront.subsidies import guards, workflow
from storefront.subsidies.models import Criterion, DocumentRequirement, Project
from storefront.subsidies.objections import ERROR, find_objections
from storefront.subsidies.speech import say

MET, NEAR, MISSED, OPEN = "met", "near", "missed", "open"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition of the call as it stands now, and what to do about it."""

    label: str
    clause: str
    verdict: str
    value: str = ""
    wanted: str = ""
    percent: int | None = None
    todo: str = ""
    is_mandatory: bool = True


@dataclass(frozen=True)
class Step:
    """A move from here, and why it cannot be made, if it cannot."""

    move: workflow.Move
    label: str
    reasons: list[str]


@dataclass(frozen=True)
class Paper:
    """A paper the call asks for, and what is there."""

    requirement: DocumentRequirement
    attached: list[Any]

    @property
    def is_complete(self) -> bool:
        """Whether as many are there as are asked for."""
        return len(self.attached) >= self.requirement.min_count


@dataclass(frozen=True, kw_only=True)
class Board:
    """All of it."""

    conditions: list[Condition]
    steps: list[Step]
    papers: list[Paper]
    days_left: int | None
    deadline: datetime | None
    received: Decimal
    errors: int
    warnings: int

    @property
    def met(self) -> int:
        """How many conditions are met."""
        return sum(one.verdict == MET for one in self.conditions)

    @property
    def missing_papers(self) -> int:
        """How many mandatory papers are still to come."""
        return sum(one.requirement.is_mandatory and not one.is_complete for one in self.papers)

    @property
    def possible(self) -> list[Step]:
        """The moves that the reader can make now."""
        return [step for step in self.steps if not step.reasons]

    @property
    def blocked(self) -> list[Step]:
        """The moves that something stands in the way of."""
        return [step for step in self.steps if step.reasons]


def read_board(project: Project, *, by: Any, now: datetime) -> Board:
    """Read the board as `by` may act on it."""
    deadline = deadline_of(project)
    papers = papers_of(project)
    grave = Counter(one.severity for one in find_objections(project, now=now))
    return Board(
        conditions=conditions_of(project, papers),
        steps=steps_of(project, by=by, now=now),
        papers=papers,
        days_left=days_until(deadline, now=now),
        deadline=deadline,
        received=project.receipts.aggregate(sum=Sum("amount"))["sum"] or Decimal(0),
        errors=grave[ERROR],
        warnings=grave.total() - grave[ERROR],
    )


def deadline_of(project: Project) -> datetime | None:
    """Return what the project must make next: the filing online, then the papers; None after both."""
    call = project.call
    if project.state in (workflow.DRAFT, workflow.PREPARING, workflow.INTERNAL_REVIEW, workflow.FROZEN):
        return call.online_close or call.paper_close
    return call.paper_close if project.state == workflow.FILED_ONLINE else None


def days_until(deadline: datetime | None, *, now: datetime) -> int | None:
    """Return the days in China from today to the deadline's day; negative once it is over."""
    if deadline is None:
        return None
    return (deadline.astimezone(guards.BEIJING).date() - now.astimezone(guards.BEIJING).date()).days


def papers_of(project: Project) -> list[Paper]:
    """Return every paper of the call with what answers it, in two queries."""
    attached: dict[int, list[Any]] = {}
    for document in project.documents.select_related("version__evidence"):
        attached.setdefault(document.requirement_id, []).append(document)
    return [Paper(one, attached.get(one.pk, [])) for one in project.call.documents.all()]


def steps_of(project: Project, *, by: Any, now: datetime) -> list[Step]:
    """Return every move that starts from the project's state."""
    moves = [move for move in workflow.MOVES.values() if project.state in move.sources]
    return [
        Step(
            move,
            say(f"move.{move.name}"),
            guards.blocked_reasons(guards.Attempt(project=project, move=move, by=by, now=now)),
        )
        for move in moves
    ]


def conditions_of(project: Project, papers: Iterable[Paper]) -> list[Condition]:
    """Return every condition of the call. Nothing counts before its clause was found in the live notice."""
    confirmed = set(
        project.confirmations.filter(notice_id=project.notice_id).values_list("clause", flat=True)
        if project.notice_id
        else ()
    )
    are_papers_complete = all(one.is_complete for one in papers if one.requirement.is_mandatory)
    criteria = project.call.criteria.select_related("clause")
    return [_condition(one, confirmed, are_papers_complete) for one in criteria]


def _condition(criterion: Criterion, confirmed: set[int], are_papers_complete: bool) -> Condition:
    if criterion.clause_id not in confirmed:
        verdict, todo = OPEN, "todo.confirm"
    elif criterion.kind == Criterion.DOCUMENT and not are_papers_complete:
        verdict, todo = OPEN, "todo.papers"
    elif criterion.kind == Criterion.KPI:
        verdict, todo = OPEN, "todo.measure"
    else:
        verdict, todo = MET, ""
    return Condition(
        label=str(criterion),
        clause=str(criterion.clause),
        verdict=verdict,
        wanted=_wanted(criterion),
        todo=say(todo) if todo else "",
        is_mandatory=criterion.is_mandatory,
    )


def _wanted(criterion: Criterion) -> str:
    if criterion.kind != Criterion.KPI:
        return ""
    sign = {">=": "≥", "<=": "≤"}.get(criterion.operator, criterion.operator)
    if criterion.threshold is None:
        return f"{sign} {criterion.threshold_date}"
    return f"{sign} {criterion.threshold.normalize():,f} {criterion.unit}".rstrip()
