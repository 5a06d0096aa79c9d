"""The pages of the claim, of marks on orders and brands, and of reconciliation, as people use them."""

import re
from decimal import Decimal
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from storefront.evidence.models import EvidenceVersion
from storefront.subsidies.models import BankLine, CustomsLine, OwnBrand, SaleMark
from tests.subsidies.sales import sell

PDF = b"%PDF-1.7 a paper"
STATEMENT = "日期,金额,摘要\n2021-09-06,100.00,STRIPE PAYOUT\n2021-13-40,5.00,x\n"


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_the_money_page_takes_at_most_what_the_call_pays(project, sign_in, enter):
    enter()
    client, address = sign_in("finance"), reverse("subsidies_claim", args=[project.pk])

    assert client.get(address).context["award"].amount == Decimal("10000.00")
    assert "is above the 10000.00" in text_of(client.post(address, {"claim": "10000.01"}, follow=True))
    assert "The claim is ¥9,000" in text_of(client.post(address, {"claim": "9000"}, follow=True))

    project.refresh_from_db()
    assert project.claimed == Decimal("9000.00")


def test_a_checker_sets_no_claim(project, sign_in):
    address = reverse("subsidies_claim", args=[project.pk])

    sign_in("checker").post(address, {"claim": "0"})

    project.refresh_from_db()
    assert project.claimed is None


def test_a_call_that_pays_by_points_asks_for_them(project, sign_in):
    project.call.award = {"method": "score_band", "bands": [["60", "100000"], ["80", "300000"]]}
    project.call.save()
    client, address = sign_in("owner"), reverse("subsidies_claim", args=[project.pk])

    award = client.get(address, {"score": "85", "paid_before": "100000"}).context["award"]
    client.post(address, {"score": "85", "paid_before": "100000", "claim": "200000"})

    assert award.amount == Decimal("200000.00")
    project.refresh_from_db()
    assert project.claimed == Decimal("200000.00")


def test_a_mark_leaves_orders_out_and_is_kept_once(project, sign_in):
    client, address = sign_in("finance"), reverse("subsidies_marks", args=[project.pk])
    form = {"do": "mark", "mark_field": "email", "mark_value": "Boss@Zellumo.example", "mark_reason": "own"}

    client.post(address, form)
    text = text_of(client.post(address, form, follow=True))

    assert "“boss@zellumo.example” counts no longer" in text
    assert SaleMark.objects.count() == 1


def test_a_brand_keeps_its_trademark_when_only_its_day_is_changed(project, sign_in):
    client, address = sign_in("owner"), reverse("subsidies_marks", args=[project.pk])
    form = {"do": "brand", "brand_name": "Zellumo", "owned_from": "2020-01-01"}
    assert "Without its trademark" in text_of(client.post(address, form, follow=True))

    client.post(address, form | {"trademark": SimpleUploadedFile("tm.pdf", PDF)})
    client.post(address, form | {"owned_from": "2019-01-01"})

    brand = OwnBrand.objects.get()
    assert brand.trademark.file_name == "tm.pdf"
    assert brand.owned_from.year == 2019


def test_a_checker_marks_no_order(project, sign_in):
    address = reverse("subsidies_marks", args=[project.pk])

    response = sign_in("checker").post(
        address,
        {"do": "mark", "mark_field": "order", "mark_value": "1", "mark_reason": "own"},
        follow=True,
    )

    assert not SaleMark.objects.exists()
    assert response.status_code == 200


def test_a_bank_statement_is_taken_in_once_and_bad_rows_are_named(project, sign_in):
    client, address = sign_in("finance"), reverse("subsidies_reconciliation", args=[project.pk])

    def send():
        file = SimpleUploadedFile("bank.csv", STATEMENT.encode())
        form = {"do": "bank", "holder": project.entity_id, "account": "0042", "currency": "usd", "file": file}
        return text_of(client.post(address, form, follow=True))

    text = send()
    assert "1 new lines, 0 known, 1 left out" in text
    assert "“2021-13-40” is not a day" in text
    assert "0 new lines, 1 known, 1 left out" in send()
    line = BankLine.objects.get()
    assert (line.amount, line.currency, line.account) == (Decimal("100.00"), "USD", "0042")


def test_a_file_that_is_no_statement_keeps_nothing(project, sign_in):
    address = reverse("subsidies_reconciliation", args=[project.pk])
    before = EvidenceVersion.objects.count()

    for kind in ("bank", "customs"):
        file = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
        form = {"do": kind, "holder": project.entity_id, "account": "1", "currency": "USD", "file": file}
        sign_in("finance").post(address, form)

    assert not BankLine.objects.exists() and not CustomsLine.objects.exists()
    assert EvidenceVersion.objects.count() == before


def test_a_checker_takes_in_no_statement_and_compares_nothing(project, sign_in):
    client, address = sign_in("checker"), reverse("subsidies_reconciliation", args=[project.pk])
    file = SimpleUploadedFile("bank.csv", STATEMENT.encode())

    client.post(
        address,
        {"do": "bank", "holder": project.entity_id, "account": "1", "currency": "USD", "file": file},
    )
    client.post(address, {"do": "reconcile"})

    assert not BankLine.objects.exists()
    assert not project.reconciliations.exists()


def test_differences_are_shown_by_class_and_their_rows_can_be_read(
    project, sign_in, django_capture_on_commit_callbacks
):
    sell(at="2021-09-01T10:00:00+08:00")
    client, address = sign_in("owner"), reverse("subsidies_reconciliation", args=[project.pk])
    assert "Nothing compared yet" in text_of(client.get(address))

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"do": "reconcile"})
    response = client.get(address)

    text = text_of(response)
    assert "Compared; every row is kept as" in text
    assert "Order – charge" in text and "Goods – customs" in text and "explain it" in text
    found = response.context["found"]
    items = reverse("subsidies_evidence_file", args=[project.pk, found.record.items_id])
    assert client.get(items).status_code == 200


def test_the_page_of_marks_takes_as_many_queries_for_twenty_as_for_two(project, sign_in):
    client, address = sign_in("finance"), reverse("subsidies_marks", args=[project.pk])

    def mark(numbers):
        for number in numbers:
            form = {"do": "mark", "mark_field": "order", "mark_value": f"{number}", "mark_reason": "test"}
            client.post(address, form)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    assert mark(range(2)) == mark(range(2, 20))
