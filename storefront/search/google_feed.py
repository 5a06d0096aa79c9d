"""An edition's products as Google Merchant Center reads them: RSS 2.0 with the attributes of its namespace g.

It follows Google's published product data specification (support.google.com/merchants/answer/7052112): the names,
the lengths and the values of the attributes are from there.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import BinaryIO

from django.utils.xmlutils import SimplerXMLGenerator

from storefront.core.money import round_amount
from storefront.search.feeds import FeedItem

NAMESPACE = "http://base.google.com/ns/1.0"
MAX_TITLE_LENGTH = 150
MAX_DESCRIPTION_LENGTH = 5000
MAX_OPTION_LENGTH = 100
MAX_PRODUCT_TYPE_LENGTH = 750
MAX_ADDITIONAL_PICTURES = 10
_ATTRIBUTE_OF_OPTION = {
    "color": "g:color",
    "colour": "g:color",
    "size": "g:size",
    "material": "g:material",
    "pattern": "g:pattern",
}
# What XML 1.0 (section 2.2) does not allow in a document, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_feed(*, items: Iterable[FeedItem], title: str, url: str, output: BinaryIO) -> None:
    """Write the feed of the items to a file, as UTF-8; `title` and `url` are the shop's in this edition."""
    xml = SimplerXMLGenerator(output, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("rss", {"version": "2.0", "xmlns:g": NAMESPACE})
    xml.startElement("channel", {})
    for name, text in (("title", title), ("link", url), ("description", title)):
        xml.addQuickElement(name, _allowed(text))
    for item in items:
        xml.startElement("item", {})
        for name, text in _attributes(item):
            xml.addQuickElement(name, _allowed(text))
        for country, amount in item.delivery.items():
            xml.startElement("g:shipping", {})
            xml.addQuickElement("g:country", country)
            xml.addQuickElement("g:price", _money(amount, item.currency))
            xml.endElement("g:shipping")
        xml.endElement("item")
    xml.endElement("channel")
    xml.endElement("rss")
    xml.endDocument()


def _attributes(item: FeedItem) -> Iterator[tuple[str, str]]:
    """Yield names and texts in the specification's order; what is not known is left out."""
    main_picture, *more_pictures = item.pictures or ("",)
    known = [
        ("g:id", item.sku),
        ("title", _cut(item.title, MAX_TITLE_LENGTH)),
        ("description", _cut(item.description, MAX_DESCRIPTION_LENGTH)),
        ("link", item.url),
        ("g:image_link", main_picture),
        *(("g:additional_image_link", picture) for picture in more_pictures[:MAX_ADDITIONAL_PICTURES]),
        ("g:availability", "in_stock" if item.is_available else "out_of_stock"),
        ("g:price", _money(item.price, item.currency)),
        ("g:sale_price", "" if item.sale_price is None else _money(item.sale_price, item.currency)),
        ("g:product_type", _cut(" > ".join(item.categories), MAX_PRODUCT_TYPE_LENGTH)),
        ("g:brand", item.brand),
        ("g:gtin", item.gtin),
        ("g:mpn", item.part_number),
        ("g:identifier_exists", "" if item.gtin or item.part_number else "no"),
        ("g:condition", "new"),
        *_options(item),
        ("g:item_group_id", item.group),
    ]
    return ((name, text) for name, text in known if text)


def _options(item: FeedItem) -> Iterator[tuple[str, str]]:
    options = {
        name: value for code, value in item.options.items() if (name := _ATTRIBUTE_OF_OPTION.get(code))
    }
    return ((name, _cut(value, MAX_OPTION_LENGTH)) for name, value in options.items())


def _money(amount: Decimal, currency: str) -> str:
    return f"{round_amount(amount=amount, currency=currency)} {currency}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)
