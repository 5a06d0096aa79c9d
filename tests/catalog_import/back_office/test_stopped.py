"""A run that waits for nobody, or whose process died: the page offers the one button that does the right thing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.models import ImportRun
from catalog_import.services import plan_import, undo_run
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
DEAD = "elsewhere 1 1"
LONG_AGO = timedelta(minutes=10)


@pytest.fixture
def planned(merchant, write_report):
    report = write_report({"sku": "A"}, {"sku": "B"})
    return plan_import(paths=[report], marketplace="us", now=timezone.now()).run


@pytest.fixture
def applied(merchant, write_report, import_amazon):
    import_amazon("apply", write_report({"sku": "A"}, {"sku": "B"}))
    return ImportRun.objects.latest("pk")


def page_of(merchant, run):
    return merchant.get(reverse("catalog_import:run", args=[run.pk])).content.decode()


def press(merchant, name, run):
    merchant.post(reverse(f"catalog_import:{name}", args=[run.pk]))
    run.refresh_from_db()
    return run


def let_it_wait(run, state, *, for_=LONG_AGO):
    ImportRun.objects.filter(pk=run.pk).update(state=state, heartbeat_at=timezone.now() - for_)


def break_off_undo(run, *, died):
    """Stop an undo after its first batch, as an exception or a killed process leaves it."""

    def stop(step, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo_run(run, now=timezone.now(), progress=stop)
    if died:
        ImportRun.objects.filter(pk=run.pk).update(
            state="undoing", is_running=True, worker=DEAD, heartbeat_at=timezone.now() - LONG_AGO
        )


def test_a_plan_that_waits_for_long_can_be_asked_for_again(merchant, planned):
    let_it_wait(planned, "queued", for_=timedelta(seconds=5))
    assert "Ask the worker again" not in page_of(merchant, planned)
    let_it_wait(planned, "queued")
    assert "Ask the worker again" in page_of(merchant, planned)
    progress = merchant.get(reverse("catalog_import:progress", args=[planned.pk])).json()
    assert progress["state"] == "stuck"

    assert press(merchant, "apply", planned).state == "done"
    assert Product.objects.count() == 2


def test_a_plan_that_waits_can_be_taken_back(merchant, planned):
    let_it_wait(planned, "queued")
    assert press(merchant, "wait-no-more", planned).state == "planned"
    assert not Product.objects.exists()
    assert "Apply 2 changes" in page_of(merchant, planned)


def test_files_that_nobody_read_can_be_planned_again(merchant, planned):
    let_it_wait(planned, "staged")
    page = page_of(merchant, planned)
    assert "Plan again" in page and "Ask the worker again" not in page


@pytest.mark.parametrize("died", [False, True])
def test_an_undo_that_was_stopped_goes_on_undoing(merchant, applied, died):
    break_off_undo(applied, died=died)
    page = page_of(merchant, applied)
    assert "Go on undoing" in page
    assert "Continue where it stopped" not in page and "Undo this import" not in page

    press(merchant, "apply", applied)
    assert applied.state == "undo_stop"  # applying is refused
    assert press(merchant, "undo", applied).state == "undone"
    assert export() == b""


def test_an_undo_that_waits_for_long_can_be_asked_for_again_or_taken_back(merchant, applied):
    before = export()
    let_it_wait(applied, "undo_queue")
    page = page_of(merchant, applied)
    assert "Ask the worker again" in page and "Do not undo it" in page
    assert press(merchant, "wait-no-more", applied).state == "done"
    assert export() == before
    let_it_wait(applied, "undo_queue")
    assert press(merchant, "undo", applied).state == "undone"


def test_an_import_whose_process_died_is_continued_from_its_page(merchant, planned):
    ImportRun.objects.filter(pk=planned.pk).update(
        state="applying", is_running=True, worker=DEAD, applied_at=timezone.now(),
        heartbeat_at=timezone.now() - LONG_AGO,
    )  # fmt: skip
    page = page_of(merchant, planned)
    assert "Continue where it stopped" in page and "Go on undoing" not in page

    assert press(merchant, "apply", planned).state == "done"
    assert Product.objects.count() == 2
