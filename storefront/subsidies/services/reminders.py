"""Remind people of deadlines in a chain of mails, each once; the boss is told when nobody did anything."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from storefront.evidence.models import Event
from storefront.evidence.services import record_event
from storefront.subsidies import workflow
from storefront.subsidies.deadlines import Moment, moments_to_meet
from storefront.subsidies.guards import BEIJING, beijing
from storefront.subsidies.models import Project, Reminder
from storefront.subsidies.speech import say

CHAIN_DAYS = (30, 14, 7, 3, 1)
FIRST_LANGUAGE = "zh-hans"
_FINISHED = (*workflow.LOST_STATES, workflow.ARCHIVED)
# Looking at a file, or being looked at by an auditor, moves nothing forward; nor does a reminder.
_NO_REACTION = ("project.reminded", "project.evidence_read", "dossier.handed_out", "dossier.checked")


def plan_reminders(*, now: datetime) -> list[int]:
    """Write down every reminder that is due and return the keys of all that were not mailed yet.

    Of a chain only the latest step is due: whoever's scheduler stood still gets one mail, not five. The same step is
    written once, so that this may run at any time and twice at once.
    """
    for project in _projects():
        for moment in moments_to_meet(project):
            step = due_step(moment, now=now)
            if step is not None:
                _write(project, moment, step, now=now)
    return list(
        Reminder.objects.filter(sent_at=None, at__gte=now).order_by("pk").values_list("pk", flat=True)
    )


def due_step(moment: Moment, *, now: datetime) -> int | None:
    """Return how many days ahead the step lies that is due now; None before the first and when all is over."""
    if now > moment.at:
        return None
    left = (moment.at.astimezone(BEIJING).date() - now.astimezone(BEIJING).date()).days
    return min((days for days in CHAIN_DAYS if left <= days), default=None)


def send_reminder(reminder_id: int, *, now: datetime) -> bool:
    """Mail a reminder and log it; return whether this call did. A mail server that refuses it leaves it to be sent."""
    if not Reminder.objects.filter(pk=reminder_id, sent_at=None).update(sent_at=now):
        return False
    reminder = Reminder.objects.select_related("project__call", "user").get(pk=reminder_id)
    try:
        _mail(reminder, now=now)
    except (SMTPException, OSError):
        Reminder.objects.filter(pk=reminder_id).update(sent_at=None)
        raise
    record_event(
        verb="project.reminded",
        subject=reminder.project.subject,
        by=None,
        now=now,
        user=reminder.user.get_username(),
        deadline=reminder.deadline,
        days_before=reminder.days_before,
        is_escalation=reminder.is_escalation,
    )
    return True


def _projects() -> Iterable[Project]:
    return (
        Project.objects.exclude(state__in=_FINISHED)
        .select_related("call")
        .prefetch_related("receipts", "members__user")
        .order_by("pk")
    )


def _write(project: Project, moment: Moment, step: int, *, now: datetime) -> None:
    with transaction.atomic():
        sent = project.reminders.filter(deadline=moment.name, at=moment.at)
        earlier = sent.filter(days_before__gt=step).order_by("days_before").first()
        is_ignored = earlier is not None and not _has_reacted(project, since=earlier.created_at)
        rows = [
            Reminder(
                project=project,
                deadline=moment.name,
                at=moment.at,
                days_before=step,
                is_escalation=is_boss,
                user=user,
                created_at=now,
            )
            for user, is_boss in _whom(project, is_ignored=is_ignored)
        ]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _whom(project: Project, *, is_ignored: bool) -> Iterator[tuple[Any, bool]]:
    """Yield whoever works on the project and, where nobody did, its boss: each person once."""
    told = set()
    working = {workflow.OWNER, workflow.FINANCE}
    if project.state == workflow.INTERNAL_REVIEW:
        working.add(workflow.CHECKER)
    for roles, is_boss in ((working, False), ({workflow.SIGNER} if is_ignored else set(), True)):
        for member in project.members.all():
            if member.role in roles and member.user_id not in told and member.user.is_active:
                told.add(member.user_id)
                yield member.user, is_boss


def _has_reacted(project: Project, *, since: datetime) -> bool:
    names = {member.user.get_username() for member in project.members.all()}
    events = Event.objects.filter(subject=project.subject, at__gt=since, actor__in=names)
    return events.exclude(verb__in=_NO_REACTION).exists()


def _mail(reminder: Reminder, *, now: datetime) -> None:
    project, moment = reminder.project, Moment(reminder.deadline, reminder.at)
    profile = getattr(reminder.user, "wagtail_userprofile", None)
    with translation.override((profile and profile.preferred_language) or FIRST_LANGUAGE):
        days = (reminder.at.astimezone(BEIJING).date() - now.astimezone(BEIJING).date()).days
        head = "escalated" if reminder.is_escalation else "subject"
        lines = [
            say("reminder.what", what=say(f"field.{moment.name}"), until=moment.until, days=days),
            say(
                "reminder.state",
                project=project.title,
                call=project.call,
                state=say(f"state.{project.state}"),
            ),
        ]
        if reminder.is_escalation:
            lines.append(say("reminder.nobody", since=beijing(_one_before(reminder).created_at)))
        address = settings.WAGTAILADMIN_BASE_URL + reverse("subsidies_board", args=[project.pk])
        lines += [say("reminder.board", address=address), say("reminder.why")]
        subject = say(f"reminder.{head}", what=say(f"field.{moment.name}"), project=project.title, days=days)
        EmailMessage(
            subject=" ".join(subject.split()), body="\n\n".join(lines), to=[reminder.user.email]
        ).send()


def _one_before(reminder: Reminder) -> Reminder:
    chain = Reminder.objects.filter(
        project=reminder.project_id,
        deadline=reminder.deadline,
        at=reminder.at,
        days_before__gt=reminder.days_before,
    )
    return chain.order_by("days_before", "pk")[:1].get()
