"""What a hostile or a broken file does at the upload page."""

import csv
import io
import itertools
import json
import re
import socket
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from oscar.core.loading import get_model

from catalog_import.models import ImportRun
from tests.catalog_import.back_office.conftest import as_upload
from tests.catalog_import.back_office.test_journey import text_of
from tests.catalog_import.conftest import PLANTERS, REPORT_HEADER

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")


def report(*rows, name="report.txt"):
    """Return a listings report in UTF-8 of (SKU, title) rows as an upload."""
    lines = [f"{title}\t\t{sku}\t12\t5\t\tDEFAULT\tActive\n" for sku, title in rows]
    return SimpleUploadedFile(name, ("\ufeff" + REPORT_HEADER + "".join(lines)).encode())


def zipped(name, *members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members:
            archive.writestr(member, text)
    return SimpleUploadedFile(name, content.getvalue())


def test_a_zip_bomb_is_not_opened_and_the_files_beside_it_are_read(upload):
    bomb = zipped("bomb.zip", ("report.txt", REPORT_HEADER.encode() + b"\0" * 60_000_000))

    page = text_of(upload(bomb, report(("A", "Thing"))))

    assert "bomb.zip unpacks to 60 MB" in page
    assert ImportRun.objects.get().counts["create"] == 1


def test_a_workbook_with_macros_is_read_and_its_macros_are_not(upload):
    content = io.BytesIO(PLANTERS.with_suffix(".xlsx").read_bytes())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open")

    upload(SimpleUploadedFile("planters.xlsm", content.getvalue()))

    assert ImportRun.objects.get().counts["create"] > 10


def test_a_line_of_ten_megabytes_is_told_and_the_others_are_planned(upload):
    page = text_of(upload(report(("A", "Thing"), ("B", "x" * 10_000_000), ("C", "Thing"))))

    assert "Lines too long to be a row" in page
    assert ImportRun.objects.get().counts["create"] == 2


def test_no_title_runs_on_the_page_of_the_plan_or_in_its_csv(upload, merchant):
    titles = {
        "S": "<script>alert(1)</script>",
        "F": '=HYPERLINK("http://example.test")',
        "R": "\u202eإبريق",
        "E": "🪴",
    }
    upload(report(*titles.items(), ("A/B", "Slash"), ("../../etc/passwd", "Dots"), ("00123", "Zeros")))
    run = ImportRun.objects.get()

    for address in (f"/admin/imports/{run.pk}/", f"/admin/imports/{run.pk}/plan/create/"):
        page = merchant.get(address)
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
    content = b"".join(merchant.get(f"/admin/imports/{run.pk}/plan.csv")).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert {"A/B", "../../etc/passwd", "00123"} <= set(cells)


def test_a_name_that_climbs_out_of_the_folder_is_only_a_name(upload, settings):
    upload(report(("A", "Thing"), name="../../outside.txt"), zipped("z.zip", ("../up.txt", "SKU\n")))

    assert ImportRun.objects.get().counts["create"] == 1
    assert not list(settings.IMPORTS_ROOT.parent.glob("*.txt"))
    assert not list(settings.IMPORTS_ROOT.parent.parent.glob("*.txt"))


def test_picture_addresses_inside_the_house_are_never_asked(upload, merchant):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        listener.settimeout(0.1)
        bad = itertools.cycle(
            [
                f"http://127.0.0.1:{port}/a.jpg".encode(), b"http://169.254.169.254/latest/meta-data",
                f"http://[::1]:{port}/a.jpg".encode(), b"file:///etc/passwd", f"http://localhost:{port}/b.jpg".encode(),
            ]
        )  # fmt: skip
        content = re.sub(rb"https://images[^\t\r\n]+", lambda _: next(bad), PLANTERS.read_bytes())
        upload(SimpleUploadedFile(PLANTERS.name, content))
        run = ImportRun.objects.get()
        page = text_of(merchant.post(f"/admin/imports/{run.pk}/apply/", follow=True))
        with pytest.raises(TimeoutError):
            listener.accept()

    assert run.problems.filter(kind="bad_picture_address").exists(), page
    assert not get_model("catalogue", "ProductImage").objects.exists()
    assert Product.objects.count() > 10


def test_buyers_are_refused_deleted_and_the_reason_is_read_in_the_merchants_language(
    upload, merchant, settings
):
    orders = "order-id\tbuyer-email\tbuyer-name\tship-address-1\n1\tada@example.test\tAda\tStreet 1\n"
    fees = "estimated-fee-total\tsku\n1\tA\n"

    upload(SimpleUploadedFile("orders.txt", orders.encode()), SimpleUploadedFile("fees.txt", fees.encode()))
    run = ImportRun.objects.get()
    page = text_of(merchant.get(f"/admin/imports/{run.pk}/", headers={"accept-language": "zh-hans"}))

    assert "orders.txt 是含有亚马逊买家姓名或地址的订单报告" in page
    assert "fees.txt 是FBA 费用预览，里面没有商品目录" in page.replace("；", "，")
    kept = [path for path in settings.IMPORTS_ROOT.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"ada@example.test" in path.read_bytes()]
    assert "ada@example.test" not in json.dumps(run.files)


def test_an_upload_of_a_picture_named_like_a_report_changes_nothing(upload):
    page = text_of(
        upload(as_upload(next((PLANTERS.parents[1] / "images").glob("*.png")), "All_Listings_Report.txt"))
    )

    assert "None of this could be imported. Nothing was changed." in page
    assert not Product.objects.exists()
