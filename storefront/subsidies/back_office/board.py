"""What the board of a project shows: what is met, what is missing, how many days are left, how much money."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from storefront.subsidies import guards, workflow
from storefront.subsidies.kpi.formulas import Figure
from storefront.subsidies.models import Criterion, DocumentRequirement, Project
from storefront.subsidies.objections import ERROR, find_objections
from storefront.subsidies.selectors.snapshots import TakenFigure, latest_figures
from storefront.subsidies.speech import say

MET, OPEN = "met", "open"


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
    figures = latest_figures(project)
    return [
        _condition(
            one,
            is_confirmed=one.clause_id in confirmed,
            are_papers_complete=are_papers_complete,
            figure=figures.get(one.kpi_code),
        )
        for one in project.call.criteria.select_related("clause")
    ]


def _condition(
    criterion: Criterion, *, is_confirmed: bool, are_papers_complete: bool, figure: TakenFigure | None
) -> Condition:
    verdict, todo = MET, ""
    if criterion.kind == Criterion.KPI:
        verdict, todo = (figure.verdict, f"todo.{figure.verdict}") if figure else (OPEN, "todo.measure")
    elif criterion.kind == Criterion.DOCUMENT and not are_papers_complete:
        verdict, todo = OPEN, "todo.papers"
    if verdict == MET:
        verdict, todo = (MET, "") if is_confirmed else (OPEN, "todo.confirm")
    return Condition(
        label=str(criterion),
        clause=str(criterion.clause),
        verdict=verdict,
        value=show_figure(figure.value, figure.unit) if figure else "",
        wanted=_wanted(criterion),
        percent=_share(figure),
        todo=say(todo) if todo else "",
        is_mandatory=criterion.is_mandatory,
    )


def show_figure(value: Figure, unit: str) -> str:
    """Write a figure for people: money and counts grouped by thousands, days as they are, a dash for nothing."""
    if value is None:
        return "—"
    if isinstance(value, date):
        return value.isoformat()
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text if unit in ("count", "") else f"{text} {unit}"


def _share(figure: TakenFigure | None) -> int | None:
    """Return how much of its threshold a figure has reached, in percent, at most 100; None where that says nothing."""
    if figure is None or figure.body["operator"] not in (">=", ">"):
        return None
    value, threshold = figure.value, figure.threshold
    if not isinstance(value, Decimal) or not isinstance(threshold, Decimal) or threshold <= 0:
        return None
    return max(0, min(100, int(value * 100 / threshold)))


def _wanted(criterion: Criterion) -> str:
    if criterion.kind != Criterion.KPI:
        return ""
    sign = {">=": "≥", "<=": "≤"}.get(criterion.operator, criterion.operator)
    if criterion.threshold is None:
        return f"{sign} {criterion.threshold_date}"
    return f"{sign} {show_figure(criterion.threshold, criterion.unit)}"
