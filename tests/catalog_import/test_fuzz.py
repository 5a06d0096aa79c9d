"""Whatever bytes arrive, reading ends in listings, row problems or one clear sentence; never in a traceback."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_import.errors import UnreadableFile
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from tests.catalog_import.conftest import DEMO_BRAND

pytestmark = pytest.mark.long

NASTY = [
    b"\x00",
    b"\t" * 300,
    b'"',
    b"\r\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"=cmd|' /C calc'!A0",
    b"\xe2\x80\xae",
    b"{[",
    b"9" * 400,
]
MOULDS = sorted(
    path
    for folder in ("listings", "category_listings", "reports", "flat_files", "catalog_items")
    for path in (DEMO_BRAND / folder).glob("*")
    if path.is_file()
)


def damage(body: bytes, seed: int) -> bytes:
    """Cut, flip, repeat and insert at random places of a file, the same for the same seed."""
    dice = random.Random(seed)
    data = bytearray(body[: dice.choice([len(body), 40_000, 2_000, 100])])
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(4):
            case 0:
                data[at : at + dice.randint(1, 200)] = b""
            case 1:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                data[at:at] = dice.choice(NASTY)
            case 3:
                data[at:at] = data[at : at + dice.randint(1, 500)]
    return bytes(data)


def read_or_be_told(path: Path) -> None:
    try:
        reading = read_files(paths=[path], marketplace=find_marketplace("us"))
    except UnreadableFile as refusal:
        assert path.name in str(refusal) or path.name in [report.name for report in refusal.files]
    else:
        for problem in reading.problems:
            assert problem.message and problem.action and problem.file


@pytest.mark.parametrize("mould", MOULDS, ids=lambda path: path.name)
def test_a_damaged_export_is_read_or_refused(mould, tmp_path):
    body = mould.read_bytes()
    rounds = 8 if mould.suffix in (".xlsx", ".xlsm") or len(body) > 400_000 else 40
    for seed in range(rounds):
        path = tmp_path / f"{seed}{mould.suffix}"
        path.write_bytes(damage(body, seed))
        read_or_be_told(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["any.txt", "any.csv", "any.json", "any.zip", "any.gz", "any.xlsx"]),
    head=st.sampled_from(
        [
            b"",
            b"seller-sku\tprice\tquantity\titem-name\n",
            b"TemplateType=fptcustom\n",
            b'{"items": [',
            b"PK\x03\x04",
            b"\x1f\x8b",
        ]
    ),
    body=st.binary(max_size=2_000)
    | st.text(max_size=1_000).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
def test_any_bytes_are_read_or_refused(name, head, body, tmp_path):
    path = tmp_path / name
    path.write_bytes(head + body)
    read_or_be_told(path)
