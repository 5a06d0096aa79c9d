"""The published rules of product feeds, field by field, and a reader that refuses a feed which breaks one.

Google: support.google.com/merchants/answer/7052112 (product data specification). Meta:
developers.facebook.com/docs/marketing-api/catalog/reference (catalogue fields).
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from defusedxml import ElementTree

from storefront.search.feeds import is_public_gtin

G = "{http://base.google.com/ns/1.0}"
_MONEY = re.compile(r"\d+(\.\d{1,3})? [A-Z]{3}")


@dataclass(frozen=True)
class Field:
    """What a field may hold; `values` where only these are allowed."""

    max_length: int = 5000
    is_required: bool = False
    values: tuple[str, ...] = ()
    is_money: bool = False
    is_address: bool = False
    most: int = 1


_SHARED = {
    "price": Field(is_required=True, is_money=True),
    "sale_price": Field(is_money=True),
    "link": Field(2000, is_required=True, is_address=True),
    "condition": Field(is_required=True, values=("new", "refurbished", "used")),
    "product_type": Field(750),
    "gtin": Field(50),
    "mpn": Field(70),
    "item_group_id": Field(50),
    "shipping": Field(most=100),
    "color": Field(100),
    "size": Field(100),
    "material": Field(200),
    "pattern": Field(100),
}
GOOGLE = {
    **_SHARED,
    "id": Field(50, is_required=True),
    "title": Field(150, is_required=True),
    "description": Field(5000, is_required=True),
    "image_link": Field(2000, is_required=True, is_address=True),
    "additional_image_link": Field(2000, is_address=True, most=10),
    "availability": Field(is_required=True, values=("in_stock", "out_of_stock", "preorder", "backorder")),
    "brand": Field(70),
    "identifier_exists": Field(values=("yes", "no")),
}
META = {
    **_SHARED,
    "id": Field(100, is_required=True),
    "title": Field(200, is_required=True),
    "description": Field(9999, is_required=True),
    "image_link": Field(2000, is_required=True, is_address=True),
    "additional_image_link": Field(2000),
    "availability": Field(is_required=True, values=("in stock", "out of stock", "available for order")),
    "brand": Field(100),
}


def read_items(content: bytes, rules: dict[str, Field]) -> list[dict[str, Any]]:
    """Return the items of a feed that keeps the rules: texts by field, `shipping` as (country, price) pairs."""
    root = ElementTree.fromstring(content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    items = [_read_item(element, rules) for element in channel.findall("item")]
    ids = [item["id"] for item in items]
    assert len(set(ids)) == len(ids), "an id stands twice"
    return items


def _read_item(element, rules: dict[str, Field]) -> dict[str, Any]:
    names = Counter(child.tag.removeprefix(G) for child in element)
    item: dict[str, Any] = {"shipping": []}
    for child in element:
        name = child.tag.removeprefix(G)
        if name == "shipping":
            country, price = child
            assert re.fullmatch("[A-Z]{2}", country.text) and _MONEY.fullmatch(price.text)
            item["shipping"].append((country.text, price.text))
            continue
        _check(name, child.text, rules[name])
        item.setdefault(name, child.text)
    for name, rule in rules.items():
        assert not rule.is_required or names[name], f"{name} is missing"
        assert names[name] <= rule.most, f"{name} stands {names[name]} times"
    if "gtin" in item:
        assert is_public_gtin(item["gtin"])
    assert item.keys() & {"brand", "gtin", "mpn"} or item.get("identifier_exists") == "no"
    return item


def _check(name: str, text: str, rule: Field) -> None:
    assert text and text.strip() and len(text) <= rule.max_length, name
    assert not rule.values or text in rule.values, name
    assert not rule.is_money or _MONEY.fullmatch(text), name
    if rule.is_address:
        parts = urlsplit(text)
        assert parts.scheme in ("http", "https") and parts.netloc and text.isascii() and " " not in text, name
    assert "<" not in text or name == "title", f"{name} has markup"
