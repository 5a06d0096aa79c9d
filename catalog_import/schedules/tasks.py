"""What the worker does for regular imports."""

from django.utils import timezone
from django_tasks import task

from catalog_import.models import ImportRun
from catalog_import.schedules.models import ImportSchedule
from catalog_import.schedules.services import plan_scheduled
from catalog_import.tasks import LONG_WORK


@task(priority=LONG_WORK)
def plan_scheduled_in_worker(schedule_id: int, run_id: int) -> None:
    """Plan what a regular import found; a schedule ended meanwhile leaves its files to be looked at by hand."""
    schedule = ImportSchedule.objects.select_related("user").filter(pk=schedule_id).first()
    run = ImportRun.objects.filter(pk=run_id, state=ImportRun.State.STAGED).first()
    if schedule and run:
        plan_scheduled(schedule, run, now=timezone.now())
