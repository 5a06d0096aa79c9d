"""What the worker does for subsidy projects; how it went is in the rows that the pages show."""

from django.utils import timezone
from django_tasks import task

from storefront.subsidies.models import DossierExport
from storefront.subsidies.services.dossiers import make_dossier
from storefront.subsidies.services.reminders import send_reminder
from storefront.subsidies.services.work import run_work

MAIL = 10
LONG_WORK = -10  # it may take minutes: what is short goes first


@task(priority=LONG_WORK)
def make_dossier_in_worker(export_id: int) -> str:
    """Make a dossier that was asked for; return the state it is in."""
    rows = DossierExport.objects.select_related("frozen__project", "frozen__approved_by", "requested_by")
    return str(make_dossier(rows.get(pk=export_id), now=timezone.now()).state)


@task(priority=LONG_WORK)
def do_work_in_worker(work_id: int) -> str:
    """Take figures, submit or reconcile, as was asked for; return the state it is in."""
    return run_work(work_id, now=timezone.now())


@task(priority=MAIL)
def send_reminder_in_worker(reminder_id: int) -> bool:
    """Mail a reminder that is due; return whether this call did."""
    return send_reminder(reminder_id, now=timezone.now())
