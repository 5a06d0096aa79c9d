"""What a hostile or a broken file does at the merchant's door: the command, with real files."""

import io
import itertools
import json
import re
import socket
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from catalog_import.marketplaces import MARKETPLACES
from tests.catalog_import.conftest import DEMO_BRAND, PLANTERS, REPORT_HEADER
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
ROOT = Path(__file__).parents[2]
SKUS = (
    "A/B", 'C"D', "00123", "-5", "=1+1", "é ü", "🪴", "a,b;c", "../../etc/passwd", "'; DROP TABLE x;--", "a\\b",
    "%2e%2e", "<b>", "100%", "x" * 40,
)  # fmt: skip


def run(action, *paths, marketplace="us", options=("--no-pictures",)):
    """Return the exit code and what is printed."""
    out, code = io.StringIO(), 0
    arguments = [action, *map(str, paths), "--marketplace", marketplace, "--json", *options]
    try:
        call_command("import_amazon", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as exit_:
        code = exit_.code
    return code, json.loads(out.getvalue())


@pytest.fixture
def report(tmp_path):
    """Write a listings report in UTF-8 of (SKU, title, description) rows."""

    def write(*rows, price="12"):
        lines = [f"{title}\t{text}\t{sku}\t{price}\t5\t\tDEFAULT\tActive\n" for sku, title, text in rows]
        path = tmp_path / "report.txt"
        path.write_text("\ufeff" + REPORT_HEADER + "".join(lines), "utf-8")
        return path

    return write


def test_every_marketplace_of_the_reference_is_taken(report):
    text = (ROOT / "docs" / "reference" / "import-json.md").read_text()
    codes = re.search(r"CODE: ([a-z ]+)\.", text)[1].split()
    assert sorted(codes) == sorted(MARKETPLACES)
    path = report(("A", "Thing", ""), price="1200")
    for code in codes:
        exit_code, printed = run("plan", path, marketplace=code)
        assert (exit_code, printed["marketplace"], printed["counts"]["create"]) == (0, code, 1), code
        assert run("plan", path, marketplace=code.upper())[1]["marketplace"] == code


def test_the_exit_code_says_whether_there_were_problems_or_a_refusal(report, tmp_path):
    assert run("apply", report(("A", "Thing", "")))[0] == 0
    assert run("apply", report(("A", "Thing", ""), ("", "No SKU", "")))[0] == 1
    before = export()
    for paths, marketplace in (([tmp_path / "none.txt"], "us"), ([report(("B", "Thing", ""))], "xx")):
        code, printed = run("apply", *paths, marketplace=marketplace)
        assert code == 2 and printed["refusal"]
    assert export() == before


def test_strange_skus_stay_as_they_are(report):
    code, printed = run("apply", report(*((sku, f"Thing {number}", "") for number, sku in enumerate(SKUS))))

    assert (code, printed["counts"]["create"]) == (0, len(SKUS))
    assert [json.loads(line)["sku"] for line in export().splitlines()] == sorted(SKUS)


def test_no_title_or_text_runs_as_a_script_or_breaks_the_page(report, client):
    titles = {
        "script": "<script>alert(1)</script>",
        "formula": '=HYPERLINK("http://example.test","x")',
        "long": "Long " * 400,
        "rtl": "\u202eإبريق شاي من الزجاج\u202c",
        "emoji": "🪴👩‍🌾 Pot",
    }
    text = '<p onclick="alert(2)">ok</p><img src=x onerror=alert(3)><a href="javascript:alert(4)">x</a>'
    code, printed = run("apply", report(*((sku, title, text) for sku, title in titles.items())))

    assert code == 1
    assert [(problem["kind"], problem["sku"]) for problem in printed["problems"]] == [("long_title", "long")]
    for product in Product.objects.order_by("pk"):
        assert len(product.title) <= 255
        page = client.get(product.get_absolute_url()).content.decode()
        assert product.title.split()[-1].strip("\u202e\u202c")[:4] in page or product.title.startswith(
            ("<", "=")
        )
        assert "<script>alert" not in page and "onerror=alert" not in page
        assert 'onclick="alert' not in page and "javascript:alert" not in page


def test_a_line_of_ten_megabytes_is_left_out_and_the_others_are_read(report):
    path = report(("A", "Thing", ""), ("B", "x" * 10_000_000, ""), ("C", "Thing", ""))

    code, printed = run("apply", path)

    assert code == 1
    assert [problem["kind"] for problem in printed["problems"]] == ["line_too_long"]
    assert Product.objects.count() == 2


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("report.txt", "w") as member,
    ):
        member.write(REPORT_HEADER.encode())
        for _ in range(60):
            member.write(b"\0" * 1_000_000)

    code, printed = run("apply", path)

    assert code == 2 and "unpacks to" in printed["refusal"]
    assert not Product.objects.exists()


def test_a_workbook_with_macros_is_read_and_its_macros_are_not(tmp_path):
    path = tmp_path / "planters.xlsm"
    path.write_bytes(PLANTERS.with_suffix(".xlsx").read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open")

    code, printed = run("apply", path)

    assert code == 1 and {problem["kind"] for problem in printed["problems"]} == {"unknown_quantity"}
    assert Product.objects.count() == printed["counts"]["create"] > 10


def test_picture_addresses_inside_the_house_are_never_asked(tmp_path):
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
        path = tmp_path / PLANTERS.name
        path.write_bytes(content)

        code, printed = run("apply", path, options=())

        with pytest.raises(TimeoutError):
            listener.accept()
    assert code == 1
    assert {problem["kind"] for problem in printed["problems"]} == {"bad_picture_address", "unknown_quantity"}
    assert not get_model("catalogue", "ProductImage").objects.exists()
    assert Product.objects.count() == printed["counts"]["create"] > 10


def test_a_file_of_buyers_is_refused_with_its_reason(tmp_path):
    path = tmp_path / "orders.txt"
    path.write_text("order-id\tbuyer-email\tbuyer-name\tship-address-1\n1\ta@example.test\tA\tStreet 1\n")
    code, printed = run("apply", path)
    assert code == 2 and printed["refusal"] and printed["files"][0]["refusal"]


def test_a_folder_with_one_strange_file_is_read_without_it(tmp_path, report):
    report(("A", "Thing", ""))
    (tmp_path / "strange.bin").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "picture.png").write_bytes(next((DEMO_BRAND / "images").glob("*.png")).read_bytes())

    code, printed = run("apply", tmp_path)

    assert code == 0
    assert Product.objects.count() == 1
    assert "strange.bin" in [file["name"] for file in printed["files"] if "refusal" in file]
