"""Everything an auditor would look at in a project, read once in a fixed number of queries."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from storefront.evidence.models import Event, Evidence, EvidenceVersion
from storefront.subsidies.bills import plain
from storefront.subsidies.eligibility import Eligible, Rates, Terms
from storefront.subsidies.models import (
    Allocation,
    Expense,
    LegalEntity,
    OwnBrand,
    Ownership,
    Project,
    ProjectDocument,
    Receipt,
    ReportedFigure,
)
from storefront.subsidies.objections.sales import FrozenFigure, Matching, SalesPattern
from storefront.subsidies.ownership import Holding
from storefront.subsidies.selectors.expenses import allocations_of, terms_of, with_eligible
from storefront.subsidies.selectors.reconciliation import latest_reconciliation
from storefront.subsidies.selectors.snapshots import TakenFigure, broken_among, latest_figures
from storefront.subsidies.speech import say
from storefront.subsidies.words import say_in

BEIJING = ZoneInfo("Asia/Shanghai")
ERROR, WARNING = "error", "warning"
_BRAND_KPI = "K05"
_SALES_KPI = "K03"  # one figure speaks for the orders that all figures over sales share


@dataclass(frozen=True)
class Objection:
    """Something an auditor would object to: which check, how grave, about what, and the values of its sentence."""

    code: str
    form: str
    severity: str
    about: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, in the reader's language."""
        return say(self._key, about=self.about, **self.values)

    @property
    def way_out(self) -> str:
        """What to do about it, in the reader's language."""
        return say(f"way.{self.code}")

    def sentence_in(self, language: str) -> str:
        """What is wrong, in a language of choice."""
        return say_in(language, self._key, about=self.about, **self.values)

    @property
    def _key(self) -> str:
        return f"objection.{self.code}.{self.form}"


@dataclass
class Case:
    """A project with all that stands behind it."""

    project: Project
    now: datetime
    terms: Terms
    bills: list[tuple[Allocation, Eligible]]
    house: list[Expense]
    documents: list[ProjectDocument]
    entities: list[LegalEntity]
    ownerships: list[Ownership]
    siblings: list[Project]
    receipts: list[Receipt]
    reported: list[ReportedFigure]
    filed_on: date | None
    figures: list[FrozenFigure] = field(default_factory=list)
    broken_figures: list[tuple[str, str]] = field(default_factory=list)
    trademarks: int = 0
    matching: Matching | None = None
    rates: dict[str, Rates] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day in China."""
        return self.now.astimezone(BEIJING).date()

    @property
    def holdings(self) -> list[Holding]:
        """Who holds which part of whom, as plain data."""
        return [
            Holding(one.parent_id, one.child_id, one.percent, one.valid_from, one.valid_to)
            for one in self.ownerships
        ]

    @cached_property
    def names(self) -> dict[str, LegalEntity]:
        """The group's companies by their names as comparable text."""
        return {plain(name): one for one in self.entities for name in (one.name_zh, one.name_en) if name}

    @cached_property
    def claimed_bills(self) -> set[int]:
        """The keys of the bills claimed in this project."""
        return {allocation.expense_id for allocation, _ in self.bills}

    @cached_property
    def papers(self) -> list[tuple[str, Evidence]]:
        """Every piece of evidence in the project, with what it is used for."""
        return [(used_for, version.evidence) for used_for, version in self.versions]

    @cached_property
    def versions(self) -> list[tuple[str, EvidenceVersion]]:
        """Every file in the project, with what it is used for."""
        found = [(str(one.requirement), one.version) for one in self.documents]
        for allocation, _ in self.bills:
            expense = allocation.expense
            found += [(expense.reference, paper.version) for paper in expense.papers.all()]
            found += [(expense.reference, one.slip) for one in expense.payments.all() if one.slip]
        return found

    @cached_property
    def translated(self) -> set[int]:
        """The keys of the evidence that has a translation."""
        keys = {evidence.pk for _, evidence in self.papers}
        return set(Evidence.objects.filter(translation_of__in=keys).values_list("translation_of", flat=True))

    @property
    def kpis(self) -> dict[str, Decimal]:
        """The frozen figures by code."""
        return {figure.kpi_code: figure.value for figure in self.figures if figure.value is not None}


def load_case(project: Project, *, now: datetime) -> Case:
    """Read a project's case."""
    project = Project.objects.select_related("call", "entity", "site__owner", "notice").get(pk=project.pk)
    group = project.entity.group
    taken = list(latest_figures(project).values())
    return Case(
        project=project,
        now=now,
        terms=terms_of(project.call),
        bills=with_eligible(allocations_of(project)),
        house=list(
            Expense.objects.filter(entity__group=group)
            .order_by("pk")
            .prefetch_related("papers__version", "payments__slip")
        ),
        documents=list(project.documents.select_related("requirement", "version__evidence")),
        entities=list(LegalEntity.objects.filter(group=group)),
        ownerships=list(Ownership.objects.filter(child__group=group)),
        siblings=list(
            Project.objects.filter(entity__group=group)
            .exclude(pk=project.pk)
            .select_related("call", "entity", "site")
        ),
        receipts=list(project.receipts.prefetch_related("uses")),
        reported=list(project.reported_figures.all()),
        filed_on=_filed_on(project),
        figures=_figures(project, taken),
        broken_figures=broken_among(taken),
        matching=_matching(project),
        trademarks=OwnBrand.objects.filter(group=group, trademark__isnull=False).count(),
    )


def _figures(project: Project, taken: list[TakenFigure]) -> list[FrozenFigure]:
    brands = _brand_changes(project.entity.group) if any(one.code == _BRAND_KPI for one in taken) else ()
    return [
        FrozenFigure(
            kpi_code=one.code,
            value=one.value if isinstance(one.value, Decimal) else None,
            measure_from=date.fromisoformat(one.body["window"][0]),
            measure_to=date.fromisoformat(one.body["window"][1]),
            zone=one.body["zone"],
            months=tuple(one.months),
            brand_changes=brands if one.code == _BRAND_KPI else (),
            taken_pattern=SalesPattern(**one.body["pattern"])
            if one.code == _SALES_KPI and one.body["pattern"]
            else SalesPattern(),
        )
        for one in taken
    ]


def _matching(project: Project) -> Matching | None:
    """Return what the latest reconciliation could not match; nothing where none was made, or of another window."""
    found = latest_reconciliation(project)
    call = project.call
    if found is None or not found.is_of(first=call.measure_from, last=call.measure_to):
        return None
    matched = found.share("K16")
    return Matching(found.manual_payouts, 1 - matched / 100 if matched is not None else Decimal(0))


def _brand_changes(group: str) -> tuple[tuple[str, date], ...]:
    """Return when each brand was entered or changed, by the log."""
    events = Event.objects.filter(subject=f"group:{group}", verb="brand.entered").order_by("sequence")
    return tuple(
        (json.loads(event.body)["details"]["name"], event.at.astimezone(BEIJING).date()) for event in events
    )


def _filed_on(project: Project) -> date | None:
    """Return the day in China on which the project was last filed online."""
    moves = Event.objects.filter(
        subject=project.subject, verb="project.moved", body__contains='"move":"file_online"'
    )
    event = moves.order_by("-sequence").first()
    return event.at.astimezone(BEIJING).date() if event else None


def money(amount: Decimal) -> str:
    """Write an amount as figures are written in a ledger."""
    return f"{amount:,.2f}"
