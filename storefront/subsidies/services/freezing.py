"""Write down what is approved, once and whole: everything a dossier will ever say about it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from storefront.evidence.chain import canonical
from storefront.evidence.models import EventHead
from storefront.subsidies.models import FrozenVersion, Project
from storefront.subsidies.selectors.call_records import call_record, clause_records, criterion_records
from storefront.subsidies.selectors.expense_records import expense_records, version_record
from storefront.subsidies.selectors.findings import finding_records
from storefront.subsidies.selectors.reconciliation import reconciliation_record
from storefront.subsidies.selectors.snapshots import figure_records

# What belongs to the moment of freezing and is different afterwards without any change.
_OF_THE_MOMENT = frozenset({"frozen_at", "version", "log_head", "people", "findings"})


def freeze(*, project: Project, by: Any, now: datetime) -> FrozenVersion:
    """Store the project's next version; called by the approval and by a correction's, in its transaction."""
    number = project.version + 1
    body = canonical(_contents(project, number=number, now=now))
    frozen = FrozenVersion.objects.create(
        project=project,
        number=number,
        body=body,
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        approved_by=by,
        frozen_at=now,
    )
    project.version = number
    return frozen


def _contents(project: Project, *, number: int, now: datetime) -> dict[str, Any]:
    entity, site = project.entity, project.site
    head = EventHead.objects.get()
    return {
        "version": number,
        "frozen_at": now.isoformat(),
        "project": {
            "id": project.pk,
            "title": project.title,
            "site": site.domain,
            "first_live_on": site.first_live_on.isoformat() if site.first_live_on else None,
        },
        "applicant": {
            "name_zh": entity.name_zh,
            "name_en": entity.name_en,
            "registration_number": entity.registration_number,
        },
        "people": [
            {"role": member.role, "name": member.user.get_username()}
            for member in project.members.select_related("user")
        ],
        "call": call_record(project.call),
        "claimed": str(project.claimed) if project.claimed is not None else None,
        "clauses": clause_records(project.call),
        "criteria": criterion_records(project.call),
        "notice": version_record(project.notice) if project.notice else None,
        "documents": [
            {
                "requirement": document.requirement.code,
                "zh": document.requirement.label_zh,
                "en": document.requirement.label_en,
                "folder": document.requirement.folder,
                "sealed": document.is_sealed,
                **version_record(document.version),
            }
            for document in project.documents.select_related("requirement", "version__evidence").order_by(
                "pk"
            )
        ],
        "expenses": expense_records(project),
        "figures": figure_records(project),
        "reconciliation": reconciliation_record(project),
        "findings": finding_records(project),
        "log_head": {"sequence": head.sequence, "hash": head.hash},
    }


def changes_since(frozen: FrozenVersion) -> list[str]:
    """Return which parts of a project are no longer what a frozen version says; what it does not say is no change."""
    project = Project.objects.select_related("call", "entity", "site").get(pk=frozen.project_id)
    live = json.loads(canonical(_contents(project, number=frozen.number, now=frozen.frozen_at)))
    kept = json.loads(frozen.body)
    return [part for part in sorted(kept) if part not in _OF_THE_MOMENT and live.get(part) != kept.get(part)]
