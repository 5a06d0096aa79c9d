"""The deadlines of a project: by when it must be filed, handed in, and its money spent."""

from dataclasses import dataclass
from datetime import datetime

from storefront.subsidies import workflow
from storefront.subsidies.guards import BEIJING, beijing
from storefront.subsidies.models import Project
from storefront.subsidies.speech import say

ONLINE_OPEN, ONLINE_CLOSE, PAPER_CLOSE, SPEND_BY = "online_open", "online_close", "paper_close", "spend_by"
_BEFORE_FILING = (workflow.DRAFT, workflow.PREPARING, workflow.INTERNAL_REVIEW, workflow.FROZEN)
_SPEND_YEARS = 5  # 财税〔2011〕70号
_STATES = {ONLINE_CLOSE: _BEFORE_FILING, PAPER_CLOSE: (*_BEFORE_FILING, workflow.FILED_ONLINE)}


@dataclass(frozen=True)
class Moment:
    """Something that must be done by a moment."""

    name: str
    at: datetime

    def sentence(self, project: Project) -> str:
        """What it is, in the reader's language."""
        return f"{say(f'field.{self.name}')}: {project.title}"

    @property
    def until(self) -> str:
        """By when, in the reader's language."""
        return say("board.until", at=beijing(self.at))


def moments_of(project: Project) -> list[Moment]:
    """Return every moment the call and the money received name, the past ones too."""
    found = [
        Moment(name, at)
        for name in (ONLINE_OPEN, ONLINE_CLOSE, PAPER_CLOSE)
        if (at := getattr(project.call, name)) is not None
    ]
    received = min((receipt.received_at for receipt in project.receipts.all()), default=None)
    if received is not None:
        day = received.astimezone(BEIJING)
        last = day.replace(year=day.year + _SPEND_YEARS, day=min(day.day, 28), hour=23, minute=59)
        found.append(Moment(SPEND_BY, last))
    return found


def moments_to_meet(project: Project) -> list[Moment]:
    """Return the moments that somebody still has to do something for, in the project's state."""
    return [
        moment
        for moment in moments_of(project)
        if project.state in _STATES.get(moment.name, ())
        or (moment.name == SPEND_BY and project.state != workflow.ARCHIVED)
    ]
