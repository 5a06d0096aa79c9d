"""The page of the regular imports."""

import pytest

from catalog_import.schedules.models import ImportSchedule

pytestmark = pytest.mark.django_db
PAGE = "/admin/imports/schedules/"
FORM = {"marketplace": "de", "every": "week", "hour": "4", "applies_alone": "on"}


def test_a_merchant_sets_and_ends_a_regular_import(merchant):
    page = merchant.post(PAGE, FORM, follow=True).content.decode()

    schedule = ImportSchedule.objects.get()
    assert (schedule.marketplace, schedule.every, schedule.applies_alone) == ("de", "week", True)
    assert (schedule.due_at.hour, schedule.user.email) == (4, "manager@example.test")
    assert "Amazon Germany" in page
    assert "/de</code>" in page

    merchant.post(PAGE, {"end": "de"})
    assert not ImportSchedule.objects.exists()


def test_the_same_marketplace_is_set_anew_not_twice(merchant):
    merchant.post(PAGE, FORM)
    merchant.post(PAGE, FORM | {"every": "day"})

    assert ImportSchedule.objects.get().every == "day"


def test_whoever_may_only_pack_sets_nothing(packer):
    packer.post(PAGE, FORM)

    assert not ImportSchedule.objects.exists()


@pytest.mark.parametrize("wrong", [{"marketplace": "xx"}, {"every": "hour"}, {"hour": "25"}])
def test_what_is_wrong_is_said_beside_the_field(merchant, wrong):
    page = merchant.post(PAGE, FORM | wrong).content.decode()

    assert "error-message" in page
    assert not ImportSchedule.objects.exists()
