"""What a merchant reads of the files given: each by its name, many alike in one line; archives are opened once."""

import io
import json
import zipfile

import pytest
from django.core.management import call_command

from catalog_import.marketplaces import find_marketplace
from catalog_import.picture_files import PictureFiles
from catalog_import.readers import read_files
from tests.catalog_import.conftest import DEMO_BRAND, US_FILES, build_families


@pytest.fixture
def opened(monkeypatch):
    """The names of the archives whose directory was read."""
    names = []

    class Counting(zipfile.ZipFile):
        def __init__(self, file, *rest, **more):
            names.append(file)
            super().__init__(file, *rest, **more)

    monkeypatch.setattr(zipfile, "ZipFile", Counting)
    return names


def make_archive(tmp_path, pictures):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(US_FILES[0], "All_Listings_Report_US.txt")
        for number in range(pictures):
            archive.writestr(f"images/{number}.jpg", b"\xff\xd8\xff" + bytes(20))
    return path


@pytest.mark.parametrize("pictures", [2, 40])
def test_the_directory_of_an_archive_is_read_once_for_all_its_files(tmp_path, opened, pictures):
    path = make_archive(tmp_path, pictures)
    opened.clear()

    reading = read_files(paths=[path], marketplace=find_marketplace("us"))
    assert opened == [path]
    assert len(reading.files) == pictures + 1

    files = PictureFiles([path])
    assert [len(read()) for read in files.read_all()] == [23] * pictures
    assert opened == [path, path]


@pytest.mark.django_db
def test_files_of_a_row_or_none_take_one_line(tmp_path):
    out = io.StringIO()

    with pytest.raises(SystemExit):  # 1: there are problems
        call_command(
            "import_amazon", "plan", str(make_archive(tmp_path, 3)), "--marketplace", "us", stdout=out
        )

    lines = out.getvalue().splitlines()
    assert lines[0] == "  export.zip/All_Listings_Report_US.txt: All Listings Report, cp1252, 177 rows"
    assert lines[1] == "  export.zip/images/0.jpg and 2 more like it: Picture"


@pytest.mark.django_db
def test_a_plan_says_what_becomes_of_a_plus_content():
    out = io.StringIO()

    call_command(
        "import_amazon",
        "plan",
        str(DEMO_BRAND / "aplus"),
        "--marketplace",
        "us",
        stdout=out,
        stderr=io.StringIO(),
    )

    assert "  A+ content: 3 new" in out.getvalue().splitlines()


@pytest.mark.django_db
def test_files_that_only_add_to_listings_are_named_where_there_are_none():
    err = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("import_amazon", "plan", str(US_FILES[2]), "--marketplace", "us", stderr=err)

    assert err.getvalue().splitlines()[0] == f"  {US_FILES[2].name}: FBA inventory, utf-8, 114 rows"


def test_a_json_document_of_something_else_is_refused_with_what_to_choose(tmp_path):
    path = tmp_path / "orders.json"
    path.write_text(json.dumps({"reports": [{"reportId": "1"}]}))

    reading = read_files(paths=[US_FILES[0].parent, tmp_path], marketplace=find_marketplace("us"))

    (refusal,) = [file.refusal for file in reading.files if file.name == "orders.json"]
    assert "A+ content" in refusal and refusal.endswith(
        "Choose a Category Listings Report or an All Listings Report."
    )


def test_families_are_formed_by_what_the_listings_themselves_say():
    reading = read_files(paths=[*US_FILES, DEMO_BRAND / "catalog_items"], marketplace=find_marketplace("us"))
    families, _problems = build_families(reading.listings)

    assert families
    for family in families:
        listings = [listing for variant in family.variants for listing in variant.listings]
        if family.parent is not None:
            assert family.parent.role == "parent"
            assert {listing.parent_sku for listing in listings} == {family.parent.sku}
        else:
            assert {listing.parent_sku for listing in listings} == {family.parent_sku}
