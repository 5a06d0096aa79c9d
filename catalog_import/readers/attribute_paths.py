"""Keys of the 2025 Category Listings Report: `name[marketplace_id=X][language_tag=Y]#n.sub`."""

import re
from dataclasses import dataclass
from functools import lru_cache

_PATH = re.compile(r"(?P<name>[a-z0-9_]+)(?P<selectors>(?:\[[^\]]*\])*)#(?P<number>\d+)(?:\.(?P<part>.+))?")
_BARE_KEYS = re.compile(r"::[a-z_]+|amzn1\.volt\.ca\.product_id_(?:type|value)")
_SELECTOR = re.compile(r"\[([a-z_]+)=([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class AttributePath:
    """One column's key: attribute, the marketplace, language and audience it is for, instance and part of it."""

    name: str
    marketplace_id: str = ""
    language_tag: str = ""
    audience: str = ""
    number: int = 1
    part: str = "value"


@lru_cache(maxsize=8192)
def parse_attribute_path(key: str) -> AttributePath | None:
    """Return the parsed key, or None where the cell is not one."""
    if _BARE_KEYS.fullmatch(key):
        return AttributePath(key)
    match = _PATH.fullmatch(key)
    if match is None:
        return None
    selectors = dict(_SELECTOR.findall(match["selectors"]))
    return AttributePath(
        name=match["name"],
        marketplace_id=selectors.get("marketplace_id", ""),
        language_tag=selectors.get("language_tag", ""),
        audience=selectors.get("audience", ""),
        number=int(match["number"]),
        part=match["part"] or "value",
    )


def is_category_key(cell: str) -> bool:
    """Return whether a cell is a key of the 2025 grammar."""
    return parse_attribute_path(cell) is not None
