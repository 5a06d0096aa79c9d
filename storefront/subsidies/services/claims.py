"""What a project claims: at most what its call pays for what was really spent."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from storefront.evidence.services import record_event
from storefront.subsidies import workflow
from storefront.subsidies.award import Award, reckon_award
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import Project
from storefront.subsidies.selectors.expenses import eligible_by_line
from storefront.subsidies.services.projects import editable_project
from storefront.subsidies.speech import say


def award_of(
    project: Project,
    *,
    kpis: Mapping[str, Decimal],
    score: Decimal | None = None,
    paid_before: Decimal = Decimal(0),
) -> Award | None:
    """Return what the call would pay for the ledger, given the frozen figures; None where it names no sum."""
    call = project.call
    earlier = (
        Project.objects.filter(entity__group=project.entity.group, approved__gt=0)
        .exclude(pk=project.pk)
        .exclude(state__in=workflow.LOST_STATES)
        .filter(call__award=call.award, call__authority_zh=call.authority_zh)
        .count()
    )
    return reckon_award(
        rules=call.award,
        rounding=call.rounding,
        eligible=eligible_by_line(project),
        kpis=kpis,
        earlier_awards=earlier,
        score=score,
        paid_before=paid_before,
    )


@transaction.atomic
def set_claim(*, project: Project, amount: Decimal, most: Decimal | None, by: Any, now: datetime) -> Project:
    """Claim an amount. Raises EntryRefused above `most`, which is what the call pays; None where it names no sum."""
    project = editable_project(project, by=by)
    if amount < 0 or (most is not None and amount > most):
        raise EntryRefused(say("refused.above_award", amount=f"{amount:.2f}", most=f"{most or 0:.2f}"))
    before, project.claimed = project.claimed, amount
    project.save(update_fields=["claimed"])
    record_event(
        verb="project.claim",
        subject=project.subject,
        by=by,
        now=now,
        before=str(before) if before is not None else "",
        after=str(amount),
    )
    return project
