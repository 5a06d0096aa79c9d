"""A frozen version leaves the house as a bag that anybody can check, and not at all when one byte was changed."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from storefront.evidence.models import Event
from storefront.evidence.storage import blob_name, evidence_storage
from storefront.subsidies.dossier.bag import Bag
from storefront.subsidies.dossier.build import write_dossier
from storefront.subsidies.dossier.parts import contents_of, find_faults, read_parts
from storefront.subsidies.dossier.sheet import Sheet
from storefront.subsidies.dossier.sheets import sheets_of
from storefront.subsidies.dossier.typeface import drawable
from storefront.subsidies.dossier.wording import shown
from storefront.subsidies.dossier.workbook import write_workbook
from storefront.subsidies.errors import DossierRefused
from storefront.subsidies.models import FrozenVersion, KpiSnapshot, ProjectDocument
from tests.subsidies.sales import sell

BAGIT = Path(sys.executable).with_name("bagit.py")


def export(frozen, *, with_customers_data=False):
    target = io.BytesIO()
    written = write_dossier(frozen, target, with_customers_data=with_customers_data)
    return target.getvalue(), written


def unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder)
    return next(folder.iterdir())


def validate(folder):
    return subprocess.run(
        [sys.executable, str(BAGIT), "--validate", "--quiet", str(folder)], capture_output=True, text=True
    )


def spoil(sha256):
    """Change one byte of a stored file."""
    storage, name = evidence_storage(), blob_name(sha256)
    content = bytearray(storage.open(name).read())
    content[-1] ^= 1
    storage.delete(name)
    with storage.open(name, "wb") as file:
        file.write(bytes(content))


def tamper(table):
    """Take the guard off a table, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {table}_no_update{on_table}")


def test_two_exports_of_a_version_are_the_same_bytes(frozen):
    first, written = export(frozen)
    second, again = export(frozen)

    assert first == second
    assert written == again
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


@pytest.mark.long
def test_another_process_on_another_day_writes_the_same_index_and_workbook(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path / "bag")
    parts = read_parts(frozen)
    kept = {name: getattr(parts.contents, name) for name in ("text", "sha256", "approved_by")}
    kept |= {"figures": parts.figures, "reconciliation": parts.reconciliation}
    (tmp_path / "parts.json").write_text(json.dumps(kept), "utf-8")
    here = [
        hashlib.sha256((bag / "data" / name).read_bytes()).hexdigest()
        for name in ("00_INDEX.pdf", "01_LEDGER.xlsx")
    ]

    run = subprocess.run(
        [sys.executable, "-m", "tests.subsidies.dossier_in_a_process", str(tmp_path / "parts.json")],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )

    assert run.stdout.split() == here, run.stderr[-2000:]


def test_an_auditor_validates_it_with_bagit_and_sees_every_change(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path)

    assert validate(bag).returncode == 0
    rows = next((bag / "data" / "05_SALES").glob("*.csv"))
    rows.write_bytes(rows.read_bytes() + b"\n")
    assert validate(bag).returncode == 1


def test_what_the_version_names_is_all_there(frozen):
    content, written = export(frozen)

    names = {
        name.removeprefix(f"{written.name}/") for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
    }
    assert {f"data/{proof.path}" for proof in contents_of(frozen).proofs} <= names
    assert {
        "data/00_INDEX.pdf",
        "data/01_LEDGER.xlsx",
        "data/90_HASHCHAIN.jsonl",
        "data/README_VERIFY.txt",
    } <= names
    assert "data/02_APPLICATION/frozen_version.json" in names
    assert "data/05_SALES/K03.json" in names and "data/07_AUDIT/reconciliation.json" in names
    assert all(name.isascii() for name in names)


def test_the_first_version_is_exported_alike_after_the_second(frozen, move, clean, people, paper, now):
    before, _ = export(frozen)
    move(clean, "reopen", by="signer", reason="A paper is missing")
    ProjectDocument.objects.filter(project=clean).first().delete()
    sell(at="2022-04-01T10:00:00+08:00", amount="9999.00")
    clean.documents.create(
        requirement=clean.call.documents.first(), version=paper("New", language="zh"), is_sealed=True
    )
    move(clean, "submit_internally", now=now + timedelta(hours=1))
    move(clean, "approve", by="checker", now=now + timedelta(hours=2))

    assert FrozenVersion.objects.count() == 2
    assert export(frozen)[0] == before
    second, written = export(FrozenVersion.objects.get(number=2))
    assert second != before and "_v2_" in written.name


def test_a_figure_is_reckoned_again_from_its_rows(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path)
    figure = json.loads((bag / "data/05_SALES/K03.json").read_text("utf-8"))
    path = bag / "data/05_SALES" / f"{figure['rows']['evidence'].replace(' ', '_')}.csv"

    assert hashlib.sha256(path.read_bytes()).hexdigest() == figure["rows"]["sha256"]
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    total = sum(Decimal(row[f"{figure['basis']}_in_unit"]) for row in rows if not row["excluded_as"])
    assert total == Decimal(figure["value"]) == Decimal("8500.00")


def test_buyers_are_marks_in_everything_that_leaves(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path)

    assert not [path for path in bag.rglob("*") if path.is_file() and b"jane.buyer" in path.read_bytes()]


def test_the_readmes_own_commands_check_the_log(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path)
    readme = (bag / "data/README_VERIFY.txt").read_text("utf-8")
    script = readme.split("python3 - <<'PY'")[2].split("     PY\n")[0].replace("\n     ", "\n")

    run = subprocess.run([sys.executable, "-c", script], cwd=bag, capture_output=True, text=True)

    assert run.stdout.strip().endswith("events: as written"), run.stderr
    chain = bag / "data/90_HASHCHAIN.jsonl"
    chain.write_text(chain.read_text("utf-8").replace("owner@example.test", "other@example.test", 1), "utf-8")
    assert subprocess.run([sys.executable, "-c", script], cwd=bag, capture_output=True).returncode == 1
    assert frozen.sha256 in readme


def test_one_byte_of_a_proof_stops_the_export_and_is_named(frozen):
    proof = next(proof for proof in contents_of(frozen).proofs if "EXPENSES" in proof.path)
    spoil(proof.sha256)

    assert [fault.about for fault in find_faults(frozen)] == [proof.label]
    with pytest.raises(DossierRefused, match=proof.label):
        export(frozen)


def test_one_byte_of_a_figures_rows_stops_the_export_and_is_named(frozen):
    figure = next(one for one in contents_of(frozen).figures if one["code"] == "K03")
    spoil(figure["rows"]["sha256"])

    assert [fault.about for fault in find_faults(frozen)] == [figure["rows"]["evidence"]]
    with pytest.raises(DossierRefused, match=figure["rows"]["evidence"]):
        export(frozen)


def test_one_row_of_the_log_stops_the_export_and_is_named(frozen):
    tamper("evidence_event")
    Event.objects.filter(sequence=5).update(actor="somebody@example.test")

    assert [fault.about for fault in find_faults(frozen)] == ["log"]
    with pytest.raises(DossierRefused, match="Event 5 "):
        export(frozen)


def test_a_changed_figure_stops_the_export_and_is_named(frozen):
    tamper("subsidies_kpisnapshot")
    snapshot = KpiSnapshot.objects.get(kpi_code="K01")
    KpiSnapshot.objects.filter(pk=snapshot.pk).update(body=snapshot.body.replace("708", "908"))

    with pytest.raises(DossierRefused, match="K01"):
        export(frozen)


def test_a_changed_version_stops_the_export(frozen):
    tamper("subsidies_frozenversion")
    FrozenVersion.objects.update(body=frozen.body.replace("20000", "90000"))

    with pytest.raises(DossierRefused, match="v1 is not what was frozen"):
        export(FrozenVersion.objects.get())


def test_customers_data_stays_at_home_until_somebody_lets_it_go(clean, move, paper, people, now):
    listing = paper("Orders with names", language="zh", personal_data=2)
    clean.documents.create(requirement=clean.call.documents.first(), version=listing, is_sealed=True)
    move(clean, "submit_internally")
    move(clean, "approve", by="checker")
    frozen = FrozenVersion.objects.get()
    path = next(proof.path for proof in contents_of(frozen).proofs if proof.sha256 == listing.sha256)

    masked, written = export(frozen)
    whole, _ = export(frozen, with_customers_data=True)

    assert written.withheld == 1
    assert not [name for name in zipfile.ZipFile(io.BytesIO(masked)).namelist() if name.endswith(path)]
    assert [name for name in zipfile.ZipFile(io.BytesIO(whole)).namelist() if name.endswith(path)]
    index = [row for sheet in sheets_of(read_parts(frozen), with_customers_data=False) for row in sheet.rows]
    line = next(row for row in index if row[-1] == listing.sha256)
    assert "held back" in line[-2]


def test_every_letter_of_the_index_is_drawn_and_can_be_read_back(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path)
    pages = PdfReader(bag / "data/00_INDEX.pdf").pages
    text = "".join(page.extract_text() for page in pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]

    for expected in (
        "深圳市泽陆科技有限公司",
        "独立站建站服务",
        "法定代表人（签字）",
        "8,500.00 USD",
        "E-0001",
    ):
        assert expected in text
    assert "\ufffd" not in text and "[U+" not in text
    assert all("NotoSansSC" in font["/BaseFont"] and "/ToUnicode" in font for font in fonts)
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert {tuple(round(float(side)) for side in page.mediabox) for page in pages} == {(0, 0, 595, 842)}


def test_a_letter_the_typeface_lacks_is_written_as_its_number():
    assert drawable("镕喆 A±\u00e4 \U0001f600") == "镕喆 A±ä [U+1F600]"


def test_the_workbook_opens_with_totals_equal_to_the_ledger(frozen, tmp_path):
    bag = unpacked(export(frozen)[0], tmp_path)
    values = load_workbook(bag / "data/01_LEDGER.xlsx", data_only=True)
    formulas = load_workbook(bag / "data/01_LEDGER.xlsx")

    ledger, sums = values["费用台账 Expense ledger"], formulas["费用台账 Expense ledger"]
    last = ledger.max_row
    assert ledger.cell(last, 19).value == pytest.approx(20738.24)
    assert sums.cell(last, 19).value == f"=SUM(S3:S{last - 1})"
    assert ledger.freeze_panes == "B3" and ledger.page_setup.orientation == "landscape"
    assert ledger.page_setup.paperSize == 9
    index = values["证据索引 Evidence index"]
    link = index.cell(3, 1).hyperlink.target
    assert (bag / "data" / link).is_file()
    assert values.properties.modified == datetime(2026, 11, 22, 12, 0)


def test_no_text_of_others_runs_as_a_formula():
    target = io.BytesIO()
    sheet = Sheet("sheet.terms", ("column.zh", "column.en"), [["=1+1", "@x\x07"], ["-5", "plain"]])
    write_workbook([sheet], target, title="x", dated=datetime(2026, 1, 1, tzinfo=UTC))

    page = load_workbook(target).active
    assert [cell.value for row in page.iter_rows(min_row=3) for cell in row] == [
        "'=1+1",
        "'@x",
        "'-5",
        "plain",
    ]


def test_figures_are_written_as_people_read_them():
    assert shown("300000.0000", "USD") == "300,000.00 USD"
    assert shown("50.0000", "%") == "50 %"
    assert shown("2019-11-03", "date") == "2019-11-03"
    assert shown("12", "count") == "12"
    assert shown("", "USD") == "—"


def test_a_bag_counts_its_octets_and_files():
    target = io.BytesIO()
    bag = Bag(target, name="x", dated=datetime(2026, 1, 1, tzinfo=UTC))
    bag.add("a.txt", [b"ab", b"c"])
    bag.add("b/c.pdf", [b"d"])
    bag.close({"Note": "two\nlines"})

    with zipfile.ZipFile(target) as file:
        assert file.read("x/bag-info.txt") == b"Note: two lines\nPayload-Oxum: 4.2\n"
        assert {entry.date_time for entry in file.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        manifest = file.read("x/manifest-sha256.txt").decode()
    assert manifest.startswith(f"{hashlib.sha256(b'abc').hexdigest()}  data/a.txt\n")
