"""Writes one sheet of text cells as an xlsx workbook, a row at a time; equal rows give equal bytes."""

import re
import zipfile
from collections.abc import Sequence
from typing import IO
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 16_000  # a cell holds 32,767 units of UTF-16, of which a character takes two at most
_MOMENT = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACE = "http://schemas.openxmlformats.org"
_MAIN = f"{_NAMESPACE}/spreadsheetml/2006/main"
_RELATIONS = f"{_NAMESPACE}/officeDocument/2006/relationships"
_PACKAGE = f"{_NAMESPACE}/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
    f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="Catalogue" '
    'sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_START = (
    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" '
    'topLeftCell="B2" state="frozen"/></sheetView></sheetViews><sheetData>'
)
# What XML cannot say, and what would read as such an escape (ECMA-376, ST_Xstring).
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class WorkbookWriter:
    """A sheet that rows are added to; `close` finishes the file."""

    def __init__(self, stream: IO[bytes]):
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        for name, text in _PARTS.items():
            self._archive.writestr(_info(name), _HEAD + text)
        self._sheet = self._archive.open(_info("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        self._sheet.write(_START.encode())
        self._count = 0
        self._letters: list[str] = []

    def add(self, cells: Sequence[str]) -> None:
        """Write a row. Raises ValueError where a workbook has no more rows."""
        self._count += 1
        if self._count > MOST_ROWS:
            raise ValueError("A workbook has 1,048,576 rows and no more: export as csv or jsonl.")
        while len(self._letters) < len(cells):
            self._letters.append(_letters(len(self._letters)))
        row = "".join(
            f'<c r="{letters}{self._count}" t="inlineStr"><is><t xml:space="preserve">{_escape(cell)}</t></is></c>'
            for letters, cell in zip(self._letters, cells, strict=False)
            if cell
        )
        self._sheet.write(f'<row r="{self._count}">{row}</row>'.encode())

    def close(self) -> None:
        """Write the end."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()


def unescape(cell: str) -> str:
    """Return a cell's text with the characters that XML cannot say."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell) if "_x" in cell else cell


def _escape(cell: str) -> str:
    return escape(_UNSAYABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", cell))


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _letters(index: int) -> str:
    letters = ""
    while index >= 0:
        letters = chr(65 + index % 26) + letters
        index = index // 26 - 1
    return letters
