"""What the pages of a project say about the work that was asked for last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storefront.subsidies.models import Project, ProjectWork
from storefront.subsidies.speech import say

# A worker says every few seconds that it is at it; one that was silent for so long is gone.
SILENT_WHILE_RUNNING = timedelta(minutes=10)
SILENT_WHILE_WAITING = timedelta(hours=1)
TOLD_FOR = timedelta(
    minutes=10
)  # what went well is said for so long; what did not, until something else is asked for


def is_silent(work: ProjectWork, *, now: datetime) -> bool:
    """Say whether a work that should be under way was given up: its worker died, or never began."""
    limit = SILENT_WHILE_RUNNING if work.state == ProjectWork.RUNNING else SILENT_WHILE_WAITING
    return work.state in ProjectWork.AT_WORK and now - work.seen_at > limit


@dataclass(frozen=True)
class ShownWork:
    """A work with its state as it is: one whose worker died is interrupted, whatever its row says."""

    work: ProjectWork
    state: str

    @property
    def is_under_way(self) -> bool:
        """Say whether the page should look again by itself."""
        return self.state in ProjectWork.AT_WORK

    @property
    def page(self) -> str:
        """The address, by name, of the page that waits for it; elsewhere somebody may be filling a form."""
        return {
            ProjectWork.FIGURES: "subsidies_figures",
            ProjectWork.SUBMISSION: "subsidies_board",
            ProjectWork.RECONCILIATION: "subsidies_reconciliation",
        }[self.work.kind]

    @property
    def name(self) -> str:
        """What is being done, in the reader's language."""
        return say(f"work.{self.work.kind}")


def shown_work(project: Project, *, now: datetime) -> ShownWork | None:
    """Return the latest work where there is something to say about it; one query."""
    work = project.works.select_related("requested_by").order_by("-pk").first()
    if work is None:
        return None
    state = ProjectWork.INTERRUPTED if is_silent(work, now=now) else work.state
    is_old = work.finished_at is not None and now - work.finished_at > TOLD_FOR
    return None if state == ProjectWork.DONE and is_old else ShownWork(work, state)
