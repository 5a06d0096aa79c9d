"""Open a project, gather its people, its notice and its papers."""

from datetime import datetime
from typing import Any

from django.db import transaction

from storefront.evidence.models import EvidenceVersion
from storefront.evidence.services import record_event
from storefront.subsidies import workflow
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import (
    Call,
    Clause,
    ClauseConfirmation,
    DocumentRequirement,
    LegalEntity,
    Project,
    ProjectDocument,
    ProjectMember,
    Site,
)
from storefront.subsidies.speech import say


@transaction.atomic
def open_project(
    *, call: Call, entity: LegalEntity, site: Site, title: str, by: Any, now: datetime
) -> Project:
    """Start an application; whoever starts it is its owner. Raises EntryRefused where the call has no room left."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    others = Project.objects.filter(call=call, entity__group=entity.group).exclude(
        state__in=workflow.LOST_STATES
    )
    if call.max_sites is not None and others.count() >= call.max_sites:
        raise EntryRefused(say("refused.sites", count=others.count(), limit=call.max_sites))
    affiliate = others.exclude(entity=entity).select_related("entity").first()
    if call.is_affiliate_exclusive and affiliate:
        raise EntryRefused(say("refused.affiliate", name=affiliate.entity))
    project = Project.objects.create(
        call=call, entity=entity, site=site, title=title, created_at=now, moved_at=now
    )
    record_event(
        verb="project.opened", subject=project.subject, by=by, now=now, call=call.code, site=site.domain
    )
    add_member(project=project, user=by, role=workflow.OWNER, by=by, now=now)
    return project


@transaction.atomic
def add_member(*, project: Project, user: Any, role: str, by: Any, now: datetime) -> ProjectMember:
    """Give `user` a role in a project; its owner alone may, once there is one.

    Raises EntryRefused for a checker who also enters, or the other way.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    if project.members.exists() and not project.members.filter(user=by, role=workflow.OWNER).exists():
        raise EntryRefused(say("refused.owner"))
    held = set(project.members.filter(user=user).values_list("role", flat=True))
    makers = workflow.INCOMPATIBLE_WITH_CHECKER
    if (role == workflow.CHECKER and held & makers) or (role in makers and workflow.CHECKER in held):
        raise EntryRefused(say("refused.checker", user=user))
    member, is_new = ProjectMember.objects.get_or_create(project=project, user=user, role=role)
    if is_new:
        record_event(
            verb="project.member",
            subject=project.subject,
            by=by,
            now=now,
            user=user.get_username(),
            role=role,
        )
    return member


@transaction.atomic
def set_notice(*, project: Project, notice: EvidenceVersion, by: Any, now: datetime) -> None:
    """Take `notice` as the live notice; what was confirmed against another must be confirmed again."""
    project = editable_project(project, by=by)
    project.notice = notice
    project.save(update_fields=["notice"])
    record_event(
        verb="project.notice",
        subject=project.subject,
        by=by,
        now=now,
        evidence=str(notice),
        sha256=notice.sha256,
    )


@transaction.atomic
def confirm_clause(*, project: Project, clause: Clause, by: Any, now: datetime) -> None:
    """Record that `by` found the clause in the live notice."""
    project = editable_project(project, by=by)
    if project.notice is None:
        raise EntryRefused(say("refused.clause"))
    _, is_new = ClauseConfirmation.objects.get_or_create(
        project=project,
        clause=clause,
        notice=project.notice,
        defaults={"confirmed_by": by, "confirmed_at": now},
    )
    if is_new:
        record_event(verb="project.clause", subject=project.subject, by=by, now=now, clause=clause.code)


@transaction.atomic
def attach_document(
    *,
    project: Project,
    requirement: DocumentRequirement,
    version: EvidenceVersion,
    by: Any,
    now: datetime,
    is_sealed: bool = False,
) -> None:
    """Answer a requirement of the call with a piece of evidence."""
    project = editable_project(project, by=by)
    _, is_new = ProjectDocument.objects.get_or_create(
        project=project, requirement=requirement, version=version, defaults={"is_sealed": is_sealed}
    )
    if is_new:
        record_event(
            verb="project.document",
            subject=project.subject,
            by=by,
            now=now,
            requirement=requirement.code,
            evidence=str(version),
            sha256=version.sha256,
        )


def check_maker(*, group: str, by: Any) -> None:
    """Raise EntryRefused unless `by` enters papers or money in a project of the group: what holds for all of them."""
    makers = ProjectMember.objects.filter(role__in=workflow.INCOMPATIBLE_WITH_CHECKER)
    if not makers.filter(project__entity__group=group, user=by).exists():
        raise EntryRefused(say("refused.only_makers"))


def editable_project(project: Project, *, by: Any) -> Project:
    """Return the project, locked, for a member who may enter; raises EntryRefused when it is frozen or theirs not."""
    locked = (
        Project.objects.select_for_update(of=("self",)).select_related("call", "notice").get(pk=project.pk)
    )
    if not locked.members.filter(user=by, role__in=workflow.INCOMPATIBLE_WITH_CHECKER).exists():
        raise EntryRefused(say("refused.not_member"))
    if locked.state not in workflow.EDITABLE_STATES:
        raise EntryRefused(say("refused.not_editable", state=say(f"state.{locked.state}")))
    return locked
