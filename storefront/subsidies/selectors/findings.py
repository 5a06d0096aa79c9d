"""What auditors found in a project and what was answered, for the guards and for the next frozen version."""

from typing import Any

from django.db.models import QuerySet

from storefront.subsidies.models import AuditorFinding, Project


def unanswered_findings(project: Project) -> QuerySet[AuditorFinding]:
    """Return the questions and objections about a project that nobody has answered; a note asks for nothing."""
    findings = AuditorFinding.objects.filter(link__frozen__project=project, answers=None)
    return findings.exclude(gravity=AuditorFinding.NOTE).order_by("pk")


def finding_records(project: Project) -> list[dict[str, Any]]:
    """Return every finding about the versions so far, each with its answers, as plain data for a frozen version."""
    findings = AuditorFinding.objects.filter(link__frozen__project=project)
    rows = findings.select_related("link__frozen").prefetch_related("answers__answered_by").order_by("pk")
    return [
        {
            "finding": str(one),
            "version": one.link.frozen.number,
            "auditor": one.link.auditor,
            "about": one.about,
            "gravity": one.gravity,
            "text": one.text,
            "disallowed": str(one.disallowed) if one.disallowed is not None else None,
            "written_at": one.written_at.isoformat(),
            "answers": [
                {
                    "text": answer.text,
                    "by": answer.answered_by.get_username(),
                    "at": answer.answered_at.isoformat(),
                }
                for answer in one.answers.all()
            ],
        }
        for one in rows
    ]
