"""The file of a product feed: RSS 2.0, an item for each thing to buy, attributes in the namespace g of Google."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import BinaryIO

from django.utils.xmlutils import SimplerXMLGenerator

from storefront.core.money import round_amount
from storefront.search.feeds import FeedItem

NAMESPACE = "http://base.google.com/ns/1.0"
Attributes = Callable[[FeedItem], Iterable[tuple[str, str]]]
# What XML 1.0 (section 2.2) does not allow in a document, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_feed(
    *, items: Iterable[FeedItem], attributes: Attributes, title: str, url: str, output: BinaryIO
) -> None:
    """Write the feed of the items to a file, as UTF-8; `title` and `url` are the shop's in this edition.

    An item without any attribute is left out.
    """
    xml = SimplerXMLGenerator(output, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("rss", {"version": "2.0", "xmlns:g": NAMESPACE})
    xml.startElement("channel", {})
    for name, text in (("title", title), ("link", url), ("description", title)):
        xml.addQuickElement(name, _allowed(text))
    for item in items:
        if known := list(attributes(item)):
            _write_item(xml, item, known)
    xml.endElement("channel")
    xml.endElement("rss")
    xml.endDocument()


def cut(text: str, length: int) -> str:
    """Return a text that is not longer than `length`, an ellipsis in place of its end where it was."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def money_text(amount: Decimal, currency: str) -> str:
    """Return an amount as feeds write it: 12.00 EUR."""
    return f"{round_amount(amount=amount, currency=currency)} {currency}"


def _write_item(xml: SimplerXMLGenerator, item: FeedItem, attributes: Iterable[tuple[str, str]]) -> None:
    xml.startElement("item", {})
    for name, text in attributes:
        xml.addQuickElement(name, _allowed(text))
    for country, amount in item.delivery.items():
        xml.startElement("g:shipping", {})
        xml.addQuickElement("g:country", country)
        xml.addQuickElement("g:price", money_text(amount, item.currency))
        xml.endElement("g:shipping")
    xml.endElement("item")


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)
