"""What everything done with a frozen version shares: a member does it, and the project's log has it."""

from datetime import datetime
from typing import Any

from storefront.evidence.services import record_event
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import FrozenVersion, Project
from storefront.subsidies.speech import say


def roles_in(project: Project, *, by: Any) -> set[str]:
    """Return the roles of a member. Raises EntryRefused for anybody else."""
    roles = set(project.members.filter(user=by).values_list("role", flat=True))
    if not roles:
        raise EntryRefused(say("refused.not_member"))
    return roles


def log_of_version(frozen: FrozenVersion, verb: str, *, by: Any, now: datetime, **details: Any) -> None:
    """Write into the project's log what was done with a version of it."""
    subject = frozen.project.subject
    record_event(verb=verb, subject=subject, by=by, now=now, version=frozen.number, **details)
