"""Expenses as a merchant enters them: one by one or in a workbook, each with its papers, and what is wrong named."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from storefront.subsidies.models import Expense
from tests.subsidies.test_back_office import text_of, upload

BILL = {
    "kind": "fapiao_e",
    "number": "24442000000012345678",
    "vendor": "深圳市某某网络有限公司",
    "vendor_country": "CN",
    "buyer": "深圳市泽陆科技有限公司",
    "subject": "独立站建站服务",
    "invoice_date": "2021-09-01",
    "service_from": "2021-09-01",
    "service_to": "2021-09-30",
    "currency": "CNY",
    "gross": "10600.00",
    "tax": "600.00",
    "line": "site",
    "percent": "100",
}
PAYMENT = {
    "do": "payment",
    "paid_on": "2021-09-05",
    "paid_amount": "10600.00",
    "payer": BILL["buyer"],
    "method": "bank",
}


@pytest.fixture
def page(project):
    return reverse("subsidies_expenses", args=[project.pk])


def bill_page(project, expense):
    return reverse("subsidies_expense", args=[project.pk, expense.pk])


def sheet(client, project, what="template"):
    url = reverse("subsidies_expense_sheet", args=[project.pk, what])
    return load_workbook(BytesIO(b"".join(client.get(url).streaming_content)))


def filled(book, *rows):
    heads = [cell.value for cell in book.worksheets[0][2]]
    for row in rows:
        book.worksheets[0].append([row.get(head) for head in heads])
    target = BytesIO()
    book.save(target)
    return SimpleUploadedFile("bills.xlsx", target.getvalue())


def a_row(**changes):
    return {
        "Kind of bill": "电子发票/数电票",
        "Number": "24442000000012345678",
        "Vendor": "某某网络",
        "Billed to": BILL["buyer"],
        "What for": "建站",
        "Date of the bill": date(2021, 9, 1),
        "Service from": "2021/9/1",
        "Service to": "2021年09月30日",
        "Total with tax": "10,600.00",
        "Tax": 600,
        "Paid on": "2021-09-05",
    } | changes


def test_a_bill_is_entered_paid_and_approved_by_somebody_else(project, page, sign_in):
    client = sign_in("finance")
    assert "No expenses yet" in text_of(client.get(page))

    client.post(page, {**BILL, "file": upload("fapiao.xml", b"<EInvoice/>")})
    expense = Expense.objects.get()
    text = text_of(client.get(bill_page(project, expense)))
    assert "fapiao.xml" in text and "not paid in full" in text

    text = text_of(
        client.post(bill_page(project, expense), {**PAYMENT, "slip": upload("slip.pdf")}, follow=True)
    )
    assert "what counts reckoned anew" in text and "slip.pdf" in text
    assert expense.allocations.get().claimed == Decimal("10000.00")

    client.post(bill_page(project, expense), {"do": "approve"})
    expense.refresh_from_db()
    assert expense.approved_by is None
    checker = sign_in("checker")
    assert "It agrees with its papers" in text_of(checker.get(bill_page(project, expense)))
    checker.post(bill_page(project, expense), {"do": "approve"})
    expense.refresh_from_db()
    assert expense.approved_by.email == "checker@example.test"


def test_a_form_with_a_mistake_comes_back_filled_in(project, page, sign_in):
    response = sign_in("finance").post(page, {**BILL, "gross": ""})
    assert response.status_code == 422
    assert BILL["vendor"] in response.content.decode()
    assert not Expense.objects.exists()


def test_a_refused_bill_is_named_and_keeps_no_file(project, page, enter, sign_in):
    first = enter(number=BILL["number"])
    response = sign_in("finance").post(page, {**BILL, "file": upload()}, follow=True)
    assert f"already entered {first.reference}" in text_of(response)
    assert not first.papers.exists()


def test_less_is_claimed_and_a_bill_is_dropped_with_a_reason(project, page, enter, sign_in):
    expense, client = enter(), sign_in("finance")
    client.post(bill_page(project, expense), {"do": "claim", "claimed": "9000"})
    assert expense.allocations.get().claimed == 9000
    response = client.post(bill_page(project, expense), {"do": "claim", "claimed": "99999"}, follow=True)
    assert "above the" in text_of(response)
    response = client.post(bill_page(project, expense), {"do": "drop", "reason": "double"}, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert not expense.allocations.exists()


def test_money_that_came_back_lowers_the_claim(project, enter, sign_in):
    expense = enter()
    back = {"do": "credit", "credit_kind": "refund", "dated": "2021-10-01", "credit_gross": "1060"}
    sign_in("finance").post(bill_page(project, expense), {**back, "credit_tax": "60"})
    assert expense.allocations.get().claimed == Decimal("9000.00")


def test_whoever_has_no_role_enters_nothing(project, page, sign_in):
    response = sign_in("other").post(page, BILL, follow=True)
    assert not Expense.objects.exists()
    assert response.status_code == 200


def test_the_template_filled_in_is_entered_once(project, page, sign_in):
    client = sign_in("finance")
    book = sheet(client, project)
    foreign = a_row(
        **{"Kind of bill": "foreign", "Number": "INV-7", "Vendor": "Meta", "Vendor's country code": "ie"}
    )
    file = filled(book, a_row(), foreign).read()

    for said in ("2 bills entered, 0 were known", "0 bills entered, 2 were known"):
        response = client.post(page, {"sheet": SimpleUploadedFile("bills.xlsx", file)}, follow=True)
        assert said in text_of(response)

    assert list(Expense.objects.values_list("number", "gross", "vendor_country").order_by("pk")) == [
        ("24442000000012345678", Decimal("10600.00"), "CN"),
        ("INV-7", Decimal("10600.00"), "IE"),
    ]
    assert [bill.claimed for bill in project.allocations.all()] == [10_000, 10_000]


def test_every_mistake_of_a_workbook_is_named_and_nothing_entered(project, page, sign_in):
    client = sign_in("finance")
    file = filled(
        sheet(client, project),
        a_row(),
        a_row(**{"Kind of bill": "receipt", "Total with tax": "12,x"}),
        a_row(Number="2", **{"Service to": "soon"}),
        a_row(Number=None),
    )
    response = client.post(page, {"sheet": file})
    text = text_of(response)
    assert response.status_code == 422
    assert "Row 4, Kind of bill: “receipt” is none of" in text
    assert "Row 4, Total with tax: “12,x” is no sum" in text
    assert "Row 5, Service to: “soon” is no date" in text
    assert "Row 6, Number: It is missing" in text
    assert not Expense.objects.exists()


def test_a_row_that_differs_from_the_bill_known_is_refused(project, page, enter, sign_in):
    expense = enter(number="24442000000012345678")
    client = sign_in("finance")
    file = filled(sheet(client, project), a_row(**{"Total with tax": 999}), a_row(Number="new"))
    text = text_of(client.post(page, {"sheet": file}))
    assert f"Row 3: The bill {expense.number} is entered as {expense.reference} with another" in text
    assert Expense.objects.count() == 1


def test_what_is_no_workbook_is_refused(page, sign_in):
    response = sign_in("finance").post(page, {"sheet": upload("bills.xlsx", b"PK not a zip")})
    assert "cannot be read as an .xlsx file" in text_of(response)


def test_the_export_can_be_imported_and_changes_nothing(project, page, enter, sign_in):
    enter()
    enter(kind="foreign", number="=1+1", vendor="Shop Ltd")
    client = sign_in("finance")
    book = sheet(client, project, "bills")
    response = client.post(page, {"sheet": filled(book)}, follow=True)
    assert "0 bills entered, 2 were known" in text_of(response)


def test_the_list_takes_the_same_queries_for_two_bills_and_for_twelve(
    project, page, enter, sign_in, django_assert_max_num_queries
):
    client = sign_in("finance")
    client.get(page)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for many in (2, 10):
        for _ in range(many):
            enter()
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]
