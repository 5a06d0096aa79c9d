"""One cell's text becomes a value: prices, quantities, GTINs, titles, descriptions."""

import ipaddress
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

import nh3

from catalog_import.said import say as _

MAX_ADDRESS_CHARACTERS = 2000
DESCRIPTION_TAGS = {"p", "ul", "ol", "li", "br", "strong", "em", "b", "i"}

_CONTROL = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "") | dict.fromkeys(
    map(ord, "\t\n\v\f\r\x85"), " "
)
_CURRENCY_SIGNS = re.compile(r"(?:[A-Z]{2,3}|MX|R)?[$€£¥￥₹]|zł|kr|TL|USD|EUR|GBP|JPY|円", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_GROUPED = {
    ".": re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?"),
    ",": re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
}
_COMMA_DECIMAL = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d{1,2}|-?\d+,\d{1,2}")
_POINT_DECIMAL = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d{1,2}|-?\d+\.\d{1,2}")
_MOJIBAKE = re.compile(r"[ÃÂ][^\x00-\x7f]|â€")
_ONE_MARK_THREE_DIGITS = re.compile(r"\d{1,3}[.,]\d{3}")
_QUANTITY = re.compile(r"(\d{1,9})(?:[.,]0+)?")
_SCIENTIFIC = re.compile(r"\d+[.,]?\d*E\+?\d+", re.IGNORECASE)
_LOST_CHARACTER = re.compile(r"[^\W\d]\?[^\W\d]|[\ufffd\uf8f0-\uf8f3]")
_BROKEN_BYTE = re.compile(
    "[\ufffd\uf8f0-\uf8f3]"
)  # Python's cp932 reads 0xA0, 0xFD, 0xFE and 0xFF as the latter
_PLAIN_ADDRESS = re.compile(r"https?://([a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]+)/")
_SIMPLE_HTML = re.compile(r"[^<>&]*(?:(?:<br>|<p>[^<>&]*(?:<br>[^<>&]*)*</p>)[^<>&]*)*")
_ASIN = re.compile(r"B0[0-9A-Z]{8}|\d{9}[\dX]")


def strip_price(text: str) -> str:
    """Return a price's digits and marks without currency signs and spaces."""
    if text.replace(".", "", 1).isdigit():
        return text
    return re.sub(r"\s", "", _CURRENCY_SIGNS.sub("", text))


def decide_decimal_mark(cells: Iterable[str], *, default: str) -> str:
    """Return `.` or `,`: how this file writes decimals, by its price cells; `default` where they do not tell.

    One decision for the whole file, because '1.299' alone could be either.
    """
    commas = points = 0
    for cell in cells:
        number = strip_price(cell)
        if _COMMA_DECIMAL.fullmatch(number):
            commas += 1
        elif _POINT_DECIMAL.fullmatch(number):
            points += 1
    if commas == points:
        return default
    return "," if commas > points else "."


def parse_price(text: str, *, decimal_mark: str) -> Decimal | None:
    """Return the amount in a price cell, or None where it is not a price."""
    number = strip_price(text)
    if _GROUPED[decimal_mark].fullmatch(number):
        number = number.replace("," if decimal_mark == "." else ".", "")
    if decimal_mark == ",":
        number = "" if "." in number else number.replace(",", ".")
    return Decimal(number) if _PLAIN_NUMBER.fullmatch(number) else None


def is_ambiguous_price(text: str) -> bool:
    """Return whether a price has one mark and three digits after it: a thousand or a thousandth."""
    return bool(_ONE_MARK_THREE_DIGITS.fullmatch(strip_price(text)))


def parse_quantity(text: str) -> int | None:
    """Return the whole number in a quantity cell, or None where it is not one."""
    match = _QUANTITY.fullmatch(text)
    return int(match.group(1)) if match else None


def normalise_gtin(text: str) -> str | None:
    """Return a GTIN-8, -12, -13 or -14 in its shortest form, or None where the check digit does not fit.

    Excel eats leading zeros and appends '.0'; both are repaired. '4.01E+12' has lost its digits and cannot be.
    """
    digits = text.removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or not 6 <= len(digits) <= 14 or not int(digits):
        return None
    codes = digits.encode()  # where 0 is 48
    odd, even = codes[::-2], codes[-2::-2]
    if (sum(odd) - 48 * len(odd) + 3 * (sum(even) - 48 * len(even))) % 10:
        return None
    significant = digits.lstrip("0")
    return next(significant.zfill(length) for length in (8, 12, 13, 14) if len(significant) <= length)


def is_scientific(text: str) -> bool:
    """Return whether a spreadsheet turned this number into '4.01E+12'."""
    return bool(_SCIENTIFIC.fullmatch(text))


def is_asin(text: str) -> bool:
    """Return whether the text has the form of an ASIN."""
    return bool(_ASIN.fullmatch(text))


@lru_cache(maxsize=16_384)
def clean_text(text: str) -> str:
    """Return one line of plain text: single spaces, control characters dropped, double encoding undone.

    Siblings say the same in most cells: what is alike is one text in memory, hence the cache.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    if _MOJIBAKE.search(text):
        text = _undo_double_encoding(text)
    if not text.isprintable() or "  " in text:
        text = " ".join(text.translate(_CONTROL).split())
    return text.strip()


def has_lost_character(text: str) -> bool:
    """Return whether a '?' inside a word, or a replacement character, shows a letter Amazon's export lost."""
    return (not text.isascii() and bool(_BROKEN_BYTE.search(text))) or (
        "?" in text and bool(_LOST_CHARACTER.search(text))
    )


def drop_lost_characters(text: str) -> str:
    """Return the text without the marks of bytes that could not be read."""
    return " ".join(_BROKEN_BYTE.sub("", text).split())


def find_address_fault(url: str) -> str:
    """Return why a picture's address is not fetched, or an empty text; names are looked up when it is fetched.

    It is a sentence with a place for the `address`, to be translated where it is shown.
    """
    plain = _PLAIN_ADDRESS.match(url)
    if plain and len(url) <= MAX_ADDRESS_CHARACTERS:
        return _find_host_fault(plain[1])  # nearly every address, at a tenth of the time
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        return _("'%(address)s' is not an address.")
    if parts.scheme.lower() not in ("http", "https"):
        return _("'%(address)s' does not begin with https:// or http://.")
    if not host or len(url) > MAX_ADDRESS_CHARACTERS:
        return _("'%(address)s' is not an address.")
    return _find_host_fault(host)


@lru_cache(maxsize=1024)
def _find_host_fault(host: str) -> str:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return _("'%(address)s' is inside a private network.")
    if host[-1].isdigit() or ":" in host:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return _("'%(address)s' is not an address.")
        if not address.is_global or address.is_multicast:
            return _("'%(address)s' is inside a private network.")
    return ""


@lru_cache(maxsize=4096)
def sanitise_description(html: str) -> str:
    """Return a description with the allowed tags only and no attributes; siblings share it, hence the cache."""
    if "<" not in html:
        html = html.replace("\r\n", "\n").replace("\n", "<br>")
    if _MOJIBAKE.search(html):
        html = _undo_double_encoding(html)
    if html.isprintable() and _SIMPLE_HTML.fullmatch(html):
        return html.strip()  # paragraphs and line breaks alone are clean already
    return nh3.clean(html, tags=DESCRIPTION_TAGS, attributes={}).strip()


def _undo_double_encoding(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
