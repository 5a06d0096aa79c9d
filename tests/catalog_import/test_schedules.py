"""Regular imports: new files are planned once, what is harmless applies itself, about the rest a mail asks."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from catalog_import.models import ImportRun
from catalog_import.schedules import services
from catalog_import.schedules.models import ImportSchedule
from catalog_import.schedules.services import inbox_of, set_schedule, start_due_imports
from storefront.accounts.services import SHOP_MANAGERS, ensure_staff_groups
from tests.back_office.shop import make_user
from tests.catalog_import.conftest import REPORT_HEADER

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEXT_NIGHT = datetime(2026, 3, 3, 3, tzinfo=UTC)
SOON = timedelta(minutes=5)


@pytest.fixture
def manager(settings, tmp_path):
    settings.IMPORTS_INBOX, settings.IMPORTS_ROOT = tmp_path / "inbox", tmp_path / "imports"
    ensure_staff_groups()
    return make_user("manager@example.test", group=SHOP_MANAGERS)


@pytest.fixture
def schedule(manager):
    def make(**values):
        return set_schedule(
            **{"marketplace": "us", "every": "day", "hour": 3, "applies_alone": True, "with_pictures": False}
            | {"user": manager, "now": NOON}
            | values
        )

    return make


def put(*rows, name="report.txt", changed_at=NOON):
    """Put a listings report of (SKU, title, quantity) rows into the folder."""
    folder = inbox_of("us")
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{title}\t\t{sku}\t12\t{quantity}\t\tDEFAULT\tActive\n" for sku, title, quantity in rows]
    (folder / name).write_text("\ufeff" + REPORT_HEADER + "".join(lines), "utf-8")
    os.utime(folder / name, (changed_at.timestamp(), changed_at.timestamp()))


def look(django_capture_on_commit_callbacks, now):
    with django_capture_on_commit_callbacks(execute=True):
        return start_due_imports(now=now)


def test_what_is_new_and_harmless_applies_itself_once(schedule, django_capture_on_commit_callbacks):
    schedule()
    put(("A", "Thing", 5))

    assert look(django_capture_on_commit_callbacks, NOON) == []
    assert len(look(django_capture_on_commit_callbacks, NEXT_NIGHT)) == 1
    assert look(django_capture_on_commit_callbacks, NEXT_NIGHT + SOON) == []

    assert ImportRun.objects.get().state == "done"
    assert Product.objects.get().title == "Thing"
    kept = ImportSchedule.objects.get()
    assert (kept.found, kept.due_at) == ("files", NEXT_NIGHT + timedelta(days=1))


def test_the_same_files_and_files_without_a_change_leave_no_trace(
    schedule, django_capture_on_commit_callbacks
):
    schedule()
    put(("A", "Thing", 5))
    look(django_capture_on_commit_callbacks, NEXT_NIGHT)

    assert look(django_capture_on_commit_callbacks, NEXT_NIGHT + timedelta(days=1)) == []
    assert ImportSchedule.objects.get().found == "same"
    put(("A", "Thing", 5), name="renamed.txt")
    (inbox_of("us") / "report.txt").unlink()
    assert len(look(django_capture_on_commit_callbacks, NEXT_NIGHT + timedelta(days=2))) == 1

    assert ImportSchedule.objects.get().found == "no_change"
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("alone", [True, False])
def test_a_plan_with_a_problem_or_without_leave_waits_and_a_mail_says_so(
    schedule, django_capture_on_commit_callbacks, mailoutbox, alone
):
    schedule(applies_alone=alone)
    put(("A", "Thing", "many" if alone else 5))

    look(django_capture_on_commit_callbacks, NEXT_NIGHT)

    run = ImportRun.objects.get()
    assert run.state == "planned"
    assert not Product.objects.exists()
    (mail,) = mailoutbox
    assert mail.to == ["manager@example.test"]
    assert f"/admin/imports/{run.pk}/" in mail.body
    assert "新增 1" in mail.body


def test_what_is_no_export_is_refused_and_a_mail_says_so(
    schedule, django_capture_on_commit_callbacks, mailoutbox
):
    schedule()
    put()
    (inbox_of("us") / "report.txt").write_text("buy milk")
    os.utime(inbox_of("us") / "report.txt", (NOON.timestamp(), NOON.timestamp()))

    look(django_capture_on_commit_callbacks, NEXT_NIGHT)

    assert ImportRun.objects.get().state == "refused"
    assert len(mailoutbox) == 1
    assert (inbox_of("us") / "report.txt").exists()


def test_a_file_still_on_its_way_waits_for_the_next_round(schedule, django_capture_on_commit_callbacks):
    schedule()
    put(("A", "Thing", 5), changed_at=NEXT_NIGHT)

    assert look(django_capture_on_commit_callbacks, NEXT_NIGHT) == []
    assert len(look(django_capture_on_commit_callbacks, NEXT_NIGHT + SOON)) == 1


def test_a_round_cut_off_before_its_commit_is_done_again(schedule, monkeypatch, manager):
    schedule()
    put(("A", "Thing", 5))

    def cut(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ImportSchedule, "save", cut)
        with pytest.raises(KeyboardInterrupt):
            start_due_imports(now=NEXT_NIGHT)

    assert not ImportRun.objects.exists()
    assert len(start_due_imports(now=NEXT_NIGHT)) == 1


def test_of_two_rounds_at_once_one_takes_the_files(schedule, monkeypatch, settings):
    schedule()
    put(("A", "Thing", 5))
    digest, other = services.digest_files, []

    def look_meanwhile(paths):
        if not other:
            other.append(None)
            other[0] = start_due_imports(now=NEXT_NIGHT)
        return digest(paths)

    monkeypatch.setattr(services, "digest_files", look_meanwhile)

    assert start_due_imports(now=NEXT_NIGHT) == []
    assert len(other[0]) == 1
    assert [str(path) for path in settings.IMPORTS_ROOT.iterdir()] == ImportRun.objects.get().paths


def test_a_shop_that_slept_for_days_looks_once_and_keeps_its_hour(schedule):
    schedule(every="week")

    start_due_imports(now=NEXT_NIGHT + timedelta(days=16, hours=5))

    assert ImportSchedule.objects.get().due_at == NEXT_NIGHT + timedelta(days=21)


def test_a_missing_folder_is_an_empty_one(schedule):
    schedule()
    ImportSchedule.objects.update(due_at=NOON - SOON)

    call_command("start_due_imports")

    assert ImportSchedule.objects.get().found == "nothing"
