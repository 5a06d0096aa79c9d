"""What the worker does for imports; progress and refusals are in the run, for the pages that wait for it."""

from django.utils import timezone
from django_tasks import task

from catalog_import.errors import CatalogImportError
from catalog_import.models import ImportRun
from catalog_import.picture_files import FirstOf, PictureFiles
from catalog_import.picture_sources import PictureSource, WebPictures
from catalog_import.services.applying import apply_run
from catalog_import.services.planning import folder_of, plan_run
from catalog_import.services.requests import take_back_request
from catalog_import.services.undoing import undo_run

LONG_WORK = -10  # it may take minutes: what is short goes first


@task(priority=LONG_WORK)
def plan_in_worker(run_id: int) -> str:
    """Plan a run; return the state it is in."""
    run = ImportRun.objects.get(pk=run_id)
    try:
        plan_run(run, now=timezone.now())
    except CatalogImportError:
        run.refresh_from_db()
    return str(run.state)


@task(priority=LONG_WORK)
def apply_in_worker(run_id: int) -> str:
    """Apply a run; return the state it is in. Where another import is running the run waits to be asked again."""
    run = ImportRun.objects.get(pk=run_id)
    try:
        apply_run(run, pictures=_pictures_for(run), now=timezone.now())
    except CatalogImportError as error:
        take_back_request(run, error=str(error))
    run.refresh_from_db()
    return str(run.state)


def _pictures_for(run: ImportRun) -> PictureSource | None:
    """Return where the pictures of a run come from: those uploaded with it first, then the web."""
    if not run.with_pictures:
        return None
    folder = folder_of(run)
    uploaded = PictureFiles([folder] if folder else [])
    return FirstOf(uploaded, WebPictures()) if len(uploaded) else WebPictures()


@task(priority=LONG_WORK)
def undo_in_worker(run_id: int) -> str:
    """Take a run back; return the state it is in."""
    run = ImportRun.objects.get(pk=run_id)
    try:
        undo_run(run, now=timezone.now())
    except CatalogImportError as error:
        take_back_request(run, error=str(error))
    run.refresh_from_db()
    return str(run.state)
