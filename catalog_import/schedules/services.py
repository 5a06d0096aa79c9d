"""Look into the folders by the clock, plan what is new, apply what is harmless, and ask about the rest by mail."""

import shutil
from contextlib import ExitStack
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catalog_import.errors import CatalogImportError
from catalog_import.marketplaces import find_marketplace
from catalog_import.models import ImportRun
from catalog_import.schedules.models import ImportSchedule
from catalog_import.services import discard_run, request_apply
from catalog_import.services.planning import digest_files, plan_run
from catalog_import.services.requests import keep_files, stage_folder

SETTLED = timedelta(minutes=2)  # a file that changed since may still be on its way
FIRST_LANGUAGE = "zh-hans"
_DAYS = {ImportSchedule.Every.DAY: 1, ImportSchedule.Every.WEEK: 7}
Found = ImportSchedule.Found


def inbox_of(marketplace: str) -> Path:
    """Return the folder from which a marketplace is imported regularly."""
    return Path(settings.IMPORTS_INBOX) / marketplace


def set_schedule(
    *,
    marketplace: str,
    every: str,
    applies_alone: bool,
    with_pictures: bool,
    hour: int,
    user: Any,
    now: datetime,
) -> ImportSchedule:
    """Import a marketplace regularly, at an hour of the shop's time zone. Raises UnknownMarketplace."""
    first = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0)
    values = {
        "every": every,
        "applies_alone": applies_alone,
        "with_pictures": with_pictures,
        "user": user,
        "due_at": first if first > now else first + timedelta(days=1),
    }
    code = find_marketplace(marketplace).code
    return ImportSchedule.objects.update_or_create(marketplace=code, defaults=values)[0]


def end_schedule(marketplace: str) -> None:
    """Import a marketplace regularly no more; what was imported stays."""
    ImportSchedule.objects.filter(marketplace=marketplace).delete()


def start_due_imports(*, now: datetime) -> list[int]:
    """Take the new files of every schedule that is due; return the keys of the runs to plan."""
    due = ImportSchedule.objects.filter(due_at__lte=now).values_list("pk", flat=True)
    return [run.pk for key in list(due) if (run := _look(key, now=now))]


def _look(key: int, *, now: datetime) -> ImportRun | None:
    """Look into one folder. Files are read and copied before anything is locked; after a crash the next round looks."""
    schedule = ImportSchedule.objects.filter(pk=key).first()
    if schedule is None:
        return None
    folder = inbox_of(schedule.marketplace)
    paths = sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))
    if any(_changed_at(path) > now - SETTLED for path in paths):
        return None
    digest = digest_files(paths) if paths else ""
    copied = _copy(paths) if paths and digest != schedule.files_digest else None
    run = _note(schedule, bool(paths), digest, copied, now=now)
    if copied and not run:
        shutil.rmtree(copied)
    return run


def _note(
    schedule: ImportSchedule, has_files: bool, digest: str, copied: Path | None, *, now: datetime
) -> ImportRun | None:
    """Write down what was found, with the run to plan, at once; nothing where another round was faster."""
    from catalog_import.schedules.tasks import plan_scheduled_in_worker

    with transaction.atomic():
        kept = ImportSchedule.objects.select_for_update().filter(pk=schedule.pk).first()
        if kept is None or kept.due_at != schedule.due_at:
            return None
        run = None
        if copied:
            run = stage_folder(
                folder=copied,
                marketplace=schedule.marketplace,
                with_pictures=schedule.with_pictures,
                user=schedule.user,
                now=now,
            )
            schedule.last_run, schedule.files_digest = run, digest
            transaction.on_commit(lambda: plan_scheduled_in_worker.enqueue(schedule.pk, run.pk))
        schedule.found = Found.FILES if run else Found.SAME if has_files else Found.NOTHING
        schedule.looked_at = now
        schedule.due_at = _next(schedule, now=now)
        schedule.save()
    return run


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())


def _copy(paths: list[Path]) -> Path:
    """Copy the files, so that those in the folder may be replaced while the run waits."""
    with ExitStack() as opened:
        return keep_files(File(opened.enter_context(path.open("rb")), name=path.name) for path in paths)


def _next(schedule: ImportSchedule, *, now: datetime) -> datetime:
    """Return the next time after now at the schedule's hour, also after the clocks have changed."""
    zone = timezone.get_current_timezone()
    at = schedule.due_at.astimezone(zone)
    day, hour = at.date(), time(at.hour)
    while at <= now:
        day += timedelta(days=_DAYS[ImportSchedule.Every(schedule.every)])
        at = datetime.combine(day, hour, tzinfo=zone)
    return at


def plan_scheduled(schedule: ImportSchedule, run: ImportRun, *, now: datetime) -> None:
    """Plan a run. One without any change is removed, a harmless one may apply itself, about the rest somebody is asked.

    Harmless is a plan without a problem that takes nothing off sale.
    """
    try:
        plan_run(run, now=now)
    except CatalogImportError:
        run.refresh_from_db()
        _ask(schedule, run)
        return
    changes = {name: run.counts.get(name, 0) for name in ("create", "update", "withdraw", "problem")}
    if not any(changes.values()):
        ImportSchedule.objects.filter(pk=schedule.pk).update(found=Found.NO_CHANGE)
        discard_run(run)
    elif schedule.applies_alone and not changes["problem"] and not changes["withdraw"]:
        request_apply(run)
    else:
        _ask(schedule, run)


def _ask(schedule: ImportSchedule, run: ImportRun) -> None:
    user = schedule.user
    if user is None or not user.is_active or not user.email:
        return
    profile = getattr(user, "wagtail_userprofile", None)
    with translation.override((profile and profile.preferred_language) or FIRST_LANGUAGE):
        address = settings.WAGTAILADMIN_BASE_URL + reverse("catalog_import:run", args=[run.pk])
        lines = [
            _("The regular import of Amazon %(country)s found new files.")
            % {"country": schedule.marketplace.upper()},
            _("They could not be read. Nothing was changed.")
            if run.state == ImportRun.State.REFUSED
            else _(
                "Its plan waits for you: %(new)s new, %(changed)s changed, %(gone)s off sale, %(problems)s problems."
            )
            % {
                "new": run.counts.get("create", 0),
                "changed": run.counts.get("update", 0),
                "gone": run.counts.get("withdraw", 0),
                "problems": run.counts.get("problem", 0),
            },
            _("Look at it here: %(address)s") % {"address": address},
        ]
        subject = _("Import %(number)s waits for you") % {"number": run.pk}
        EmailMessage(subject=subject, body="\n\n".join(lines), to=[user.email]).send()
