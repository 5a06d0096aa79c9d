"""A product's object as the cells of one row and back: a column per value, its path joined by dots; lists as JSON.

A cell that a spreadsheet would take for a formula has an apostrophe in front, as has one that begins with one.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from catalog_import.open_format.shape import SHAPE, Anything, Each, Record

CONTINUED = "continued"  # the structure of a row whose cells go on with those of the row above
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def flatten(record: Record) -> dict[str, str]:
    """Return column -> cell."""
    cells: dict[str, str] = {}
    _flatten(record, SHAPE, "", cells)
    return cells


def _flatten(value: Any, shape: Any, column: str, cells: dict[str, str]) -> None:
    if isinstance(shape, (dict, Each)):
        for name, each in value.items():
            inner = shape.shape if isinstance(shape, Each) else shape[name]
            code = str(name).replace("%", "%25").replace(".", "%2E")
            _flatten(each, inner, f"{column}.{code}" if column else code, cells)
    elif isinstance(shape, (list, Anything)):
        cells[column] = json.dumps(value, ensure_ascii=False)
    elif shape is bool:
        cells[column] = "true" if value else "false"
    else:
        cells[column] = protect(str(value))


def unflatten(cells: Mapping[str, str]) -> Record:
    """Return the object of a row; empty cells say nothing. Raises ValueError naming the column."""
    record: Record = {}
    for column, cell in cells.items():
        if cell == "" or not column:
            continue
        codes = [code.replace("%2E", ".").replace("%25", "%") for code in column.split(".")]
        inside: Any = record
        for code in codes[:-1]:
            inside = inside.setdefault(code, {})
            if not isinstance(inside, dict):
                raise ValueError(f"{column}: there is no such column")
        inside[codes[-1]] = _read_cell(cell, column, codes)
    return record


def _read_cell(cell: str, column: str, codes: Iterable[str]) -> Any:
    shape: Any = SHAPE
    for code in codes:
        shape = (
            shape.shape if isinstance(shape, Each) else shape.get(code) if isinstance(shape, dict) else None
        )
    if shape is None or isinstance(shape, (dict, Each)):
        raise ValueError(f"{column}: there is no such column")
    if isinstance(shape, (list, Anything)):
        try:
            return json.loads(cell)
        except ValueError:
            raise ValueError(f"{column}: the cell is not the list that was exported") from None
    text = cell[1:] if cell.startswith("'") else cell
    if shape is bool:
        return {"true": True, "false": False}.get(text.casefold(), text)
    if shape is int:
        try:
            return int(text)
        except ValueError:
            return text
    return text


def protect(text: str) -> str:
    """Return a cell's text such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def order_columns(columns: Iterable[str]) -> list[str]:
    """Return the columns as people look for them: the SKU first, pictures last."""
    names = list(SHAPE)
    return sorted(columns, key=lambda column: (names.index(column.split(".", 1)[0]), column))
