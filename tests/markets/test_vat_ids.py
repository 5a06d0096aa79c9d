"""VAT ids: their form, what VIES says of them over HTTP, what is kept, what a merchant corrects."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from storefront.markets.errors import CorrectionRefused, VatIdMalformed
from storefront.markets.models import TaxSetup, VatIdCheck
from storefront.markets.services.vat_ids import check_vat_id, correct_vat_check, customer_of, read_vat_id
from storefront.markets.tax.assessment import VatIdAnswer
from storefront.markets.vies import RAW_LIMIT
from tests.servers.vies import CONSULTATION_NUMBER

VALID, UNKNOWN = "FR40303265045", "FR23334175221"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("fr 40 303 265 045", "FR40303265045"),
        ("DE136695976", "DE136695976"),
        ("EL 094259216", "EL094259216"),
        ("GR094259216", "EL094259216"),
        ("ATU13585627", "ATU13585627"),
    ],
)
def test_a_vat_id_is_read_as_vies_writes_it(typed, number):
    assert read_vat_id(typed) == number


@pytest.mark.parametrize("typed", ["", "DE123456789", "US123456789", "FR40303265046", "EU372022452", "hello"])
def test_what_cannot_be_a_vat_id_is_refused_before_anybody_is_asked(vies, now, typed):
    with pytest.raises(VatIdMalformed, match="not a VAT id"):
        check_vat_id(vat_id=typed, now=now)
    assert vies.requests == []
    assert not VatIdCheck.objects.exists()


@pytest.mark.parametrize(("number", "answer"), [(VALID, "valid"), (UNKNOWN, "invalid")])
def test_the_answer_of_vies_is_kept(vies, now, number, answer):
    check = check_vat_id(vat_id=number, now=now)
    assert (check.answer, check.country, check.checked_at) == (answer, "FR", now)
    assert f'"vatNumber": "{number[2:]}"' in check.raw_answer
    assert customer_of(check).vat_id_answer == VatIdAnswer(answer)


def test_our_own_vat_id_brings_a_consultation_number(vies, now):
    TaxSetup.objects.create(vat_id="DE136695976")
    assert check_vat_id(vat_id=VALID, now=now).consultation_number == CONSULTATION_NUMBER
    assert vies.requests == [
        "/rest-api/ms/FR/vat/40303265045?requesterMemberStateCode=DE&requesterNumber=136695976"
    ]


def test_greece_is_asked_as_el_and_kept_as_gr(vies, now):
    check = check_vat_id(vat_id="GR094259216", now=now)
    assert vies.requests == ["/rest-api/ms/EL/vat/094259216"]
    assert (check.country, customer_of(check).vat_country) == ("GR", "GR")


@pytest.mark.parametrize("mode", ["member_state_down", "service_down", "busy", "nonsense"])
def test_no_answer_is_not_taken_for_invalid(vies, now, mode):
    vies.mode = mode
    check = check_vat_id(vat_id=VALID, now=now)
    assert (check.answer, check.consultation_number) == ("unavailable", "")


def test_a_slow_vies_is_not_waited_for(vies, now, settings):
    vies.mode = "slow"
    settings.VIES_TIMEOUT_SECONDS = 0.1
    check = check_vat_id(vat_id=VALID, now=now)
    assert check.answer == "unavailable"
    assert "timed out" in check.raw_answer


def test_a_vies_that_is_gone_is_unavailable(now, settings):
    settings.VIES_BASE_URL = "http://127.0.0.1:1/rest-api"
    check = check_vat_id(vat_id=VALID, now=now)
    assert check.answer == "unavailable"
    assert 0 < len(check.raw_answer) <= RAW_LIMIT


def test_an_answer_lasts_a_day(vies, now):
    first = check_vat_id(vat_id=VALID, now=now)
    assert check_vat_id(vat_id=VALID, now=now + timedelta(hours=23)) == first
    assert check_vat_id(vat_id=VALID, now=now + timedelta(hours=24)) != first
    assert len(vies.requests) == 2


def test_no_answer_is_asked_for_again(vies, now):
    vies.mode = "member_state_down"
    check_vat_id(vat_id=VALID, now=now)
    vies.mode = "up"
    assert check_vat_id(vat_id=VALID, now=now + timedelta(minutes=1)).answer == "valid"


def test_a_merchant_corrects_with_a_name_and_a_reason(vies, now):
    vies.mode = "member_state_down"
    clerk = get_user_model().objects.create_user(email="clerk@example.test", password="x")
    check = check_vat_id(vat_id=VALID, now=now)
    corrected = correct_vat_check(
        check=check, answer="valid", by=clerk, reason="Certificate of 3 May.", now=now + timedelta(hours=1)
    )
    assert (corrected.answer, corrected.answer_in_force, corrected.corrected_by) == (
        "unavailable",
        "valid",
        clerk,
    )
    assert check_vat_id(vat_id=VALID, now=now + timedelta(hours=2)) == corrected
    assert customer_of(corrected).vat_id_answer == VatIdAnswer.VALID


@pytest.mark.parametrize(("answer", "reason"), [("valid", "  "), ("unavailable", "Because.")])
def test_a_correction_that_says_nothing_is_refused(vies, now, answer, reason):
    clerk = get_user_model().objects.create_user(email="clerk@example.test", password="x")
    check = check_vat_id(vat_id=VALID, now=now)
    with pytest.raises(CorrectionRefused):
        correct_vat_check(check=check, answer=answer, by=clerk, reason=reason, now=now)
    check.refresh_from_db()
    assert check.corrected_answer == ""


def test_the_database_refuses_a_correction_without_a_reason(vies, now):
    check = check_vat_id(vat_id=VALID, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        VatIdCheck.objects.filter(pk=check.pk).update(corrected_answer="valid")
