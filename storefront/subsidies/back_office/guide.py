"""The way from an empty project to a filed one, step by step: what is done, and what comes next on which page."""

from dataclasses import dataclass

from storefront.subsidies import workflow
from storefront.subsidies.back_office.board import Board
from storefront.subsidies.models import DossierExport, Project
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class GuideStep:
    """A step on a page of its own; `note` says how far it is."""

    name: str
    url_name: str
    is_done: bool
    note: str = ""

    @property
    def label(self) -> str:
        """What to do, in the reader's language."""
        return say(f"guide.{self.name}")


def guide_of(project: Project, board: Board) -> list[GuideStep]:
    """Return the steps of the project's state, in order; nothing once it was filed. A fixed number of queries."""
    if project.state == workflow.FROZEN:
        made = project.frozen_versions.filter(number=project.version, exports__state=DossierExport.MADE)
        return [
            GuideStep("dossier", "subsidies_dossier", made.exists()),
            GuideStep("file", "subsidies_board", is_done=False),
        ]
    if project.state not in workflow.EDITABLE_STATES:
        return []
    clauses = project.call.clauses.count()
    confirmed = project.confirmations.filter(notice_id=project.notice_id).count() if project.notice_id else 0
    papers = [one for one in board.papers if one.requirement.is_mandatory]
    bills = project.allocations.count()
    return [
        GuideStep("people", "subsidies_people", project.members.filter(role=workflow.CHECKER).exists()),
        GuideStep("clauses", "subsidies_clauses", 0 < clauses == confirmed, f"{confirmed} / {clauses}"),
        GuideStep(
            "papers",
            "subsidies_papers",
            not board.missing_papers,
            f"{len(papers) - board.missing_papers} / {len(papers)}",
        ),
        GuideStep("expenses", "subsidies_expenses", bills > 0, str(bills) if bills else ""),
        GuideStep("figures", "subsidies_figures", project.snapshots.exists()),
        GuideStep("reconciliation", "subsidies_reconciliation", project.reconciliations.exists()),
        GuideStep("claim", "subsidies_claim", project.claimed is not None),
        GuideStep(
            "objections",
            "subsidies_objections",
            not board.errors,
            say("guide.errors", count=board.errors) if board.errors else "",
        ),
        GuideStep("submit", "subsidies_board", is_done=False),
    ]
