"""Checks JSON-LD against schema.org's own definitions: tests/data/schema_org says which release."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_VOCABULARY = Path(__file__).parent.parent / "data" / "schema_org" / "vocabulary.json"
_PREFIX = "https://schema.org/"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def read_page(html: str) -> dict[str, dict[str, Any]]:
    """Return the valid objects of a page by their type."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    objects = [json.loads(script) for script in scripts]
    for data in objects:
        assert data["@context"] == "https://schema.org"
        check(data)
    return {data["@type"]: data for data in objects}


def check(node: dict[str, Any], *, path: str = "") -> None:
    """Raise AssertionError, with the way to the place, where a node says what schema.org does not define."""
    kind = node.get("@type", "")
    path = f"{path}/{kind}"
    vocabulary = _vocabulary()
    assert kind in vocabulary["classes"], f"{path}: no such class"
    for name, value in node.items():
        if name in ("@context", "@type", "@id"):
            continue
        base = name.removesuffix("-input")  # schema.org/docs/actions.html: a property's constraints
        known = vocabulary["properties"].get(base)
        assert known, f"{path}.{name}: no such property, or not in the extract"
        assert set(known["domains"]) & _with_parents(kind), f"{path}.{name}: not a property of {kind}"
        values = value if isinstance(value, list) else [value]
        assert values, f"{path}.{name}: empty"
        for single in values:
            ranges = ["Text"] if name != base else known["ranges"]
            _check_value(single, ranges, path=f"{path}.{name}")


def _check_value(value: Any, ranges: list[str], *, path: str) -> None:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            assert _is_address(value["@id"]), path
            return
        assert _with_parents(value.get("@type", "")) & set(ranges), (
            f"{path}: {value.get('@type')} not of {ranges}"
        )
        check(value, path=path)
        return
    assert any(_is_of(value, wanted) for wanted in ranges), f"{path}: {value!r} not of {ranges}"


def _is_of(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == "Boolean"
    if isinstance(value, int):
        return wanted in ("Number", "Integer")
    if not isinstance(value, str) or not value.strip():
        return False
    if wanted == "Text":
        return True
    if wanted in ("Number", "Integer"):
        return bool(_NUMBER.fullmatch(value))
    if wanted == "Date":
        return bool(_DAY.fullmatch(value))
    if wanted == "DateTime":
        return bool(_MOMENT.fullmatch(value))
    if value.startswith(_PREFIX):
        return wanted in _vocabulary()["members"].get(value.removeprefix(_PREFIX), [])
    return wanted in ("URL", "Thing", "ImageObject", "WebPage", "CreativeWork") and _is_address(value)


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _with_parents(kind: str) -> set[str]:
    parents = _vocabulary()["classes"].get(kind)
    if parents is None:
        return set()
    return {kind}.union(*(_with_parents(parent) for parent in parents))


@cache
def _vocabulary() -> dict[str, Any]:
    return json.loads(_VOCABULARY.read_text(encoding="utf-8"))
