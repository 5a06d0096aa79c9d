"""What the importer does not read, and why: buyers' data, other reports, other kinds of files."""

from itertools import islice

from catalog_import.errors import PersonalDataFile, PictureFile, UnreadableFile
from catalog_import.readers.columns import normalise_header

_MAGIC = [
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"<?xml", "an XML document"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
]

# Headers of reports about people, in the languages of the marketplaces; one of them is enough to refuse the file.
_PERSONAL = (
    "buyer email|buyer name|buyer phone number|buyer company name|buyer tax registration id|recipient name|"
    "ship address 1|ship address 2|ship phone number|ship postal code|ship city|bill address 1|bill name|"
    "customer comments|gift message text|customer id|customer name|customer email|"
    "e mail des käufers|name des käufers|käufername|empfängername|käufer e mail|"
    "nom de l'acheteur|adresse e mail de l'acheteur|nombre del comprador|nome acquirente|nome dell'acquirente|"
    "購入者氏名|購入者メールアドレス|お届け先氏名|买家姓名|买家电子邮件|收件人姓名"
)
PERSONAL_HEADERS = frozenset(normalise_header(header) for header in _PERSONAL.split("|"))
_ORDERS = (
    "amazon order id|order id|amazon bestellnummer|bestellnummer|numéro de commande|注文番号|订单编号|订单号"
)
ORDER_HEADERS = frozenset(normalise_header(header) for header in _ORDERS.split("|"))

# Reports a seller also has at hand: headers that tell together, and what the report is.
OTHER_REPORTS = (
    (("settlement id",), "a settlement report"),
    (("date/time", "settlement id"), "a payments report"),
    (("(child) asin",), "a business report"),
    (("(untergeordnete) asin",), "a business report"),
    (("（子）asin",), "a business report"),
    (("(子)asin",), "a business report"),
    (("estimated fee total",), "an FBA fee preview"),
    (("expected domestic fulfilment fee per unit",), "an FBA fee preview"),
    (("month_of_charge",), "an FBA storage fee report"),
    (("inv age 0 to 90 days",), "an FBA inventory planning report"),
    (("stranded reason",), "a stranded inventory report"),
    (("advertised sku",), "an advertising report"),
    (("beworbene sku",), "an advertising report"),
    (("customer search term",), "an advertising report"),
    (("campaign name",), "an advertising report"),
    (("kampagnen name",), "an advertising report"),
    (("kampagnenname",), "an advertising report"),
)
_CANCELLED = {"item name", "seller sku", "add delete"}
_LIVING = {"fulfillment channel", "fulfilment channel", "listing id", "open date", "status"}


def refuse_magic(name: str, start: bytes) -> None:
    """Raise UnreadableFile for kinds of files that are told by their first bytes."""
    begin = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, description in _MAGIC:
        if begin.startswith(magic):
            kind = PictureFile if description == "a picture" else UnreadableFile
            raise kind(f"{name} is {description}, not an Amazon listings file.")


def refuse_other_report(name: str, head: list[list[str]]) -> None:
    """Raise PersonalDataFile for reports about buyers, UnreadableFile for reports without a catalogue."""
    for cells in head:
        if len(cells) < 2:
            continue
        headers = {normalise_header(cell) for cell in cells}
        if headers & PERSONAL_HEADERS or (headers & ORDER_HEADERS and "settlement id" not in headers):
            raise PersonalDataFile(
                f"{name} is an orders report with Amazon buyers' names or addresses. This data belongs to Amazon's "
                "orders and may not be taken into a shop; choose a listings file instead."
            )
        for telling, description in OTHER_REPORTS:
            if headers.issuperset(telling):
                raise UnreadableFile(
                    f"{name} is {description}; the catalogue is not in it. Choose a Category Listings Report or an "
                    "All Listings Report."
                )
        if headers >= _CANCELLED and not headers & _LIVING:
            raise UnreadableFile(
                f"{name} is a Cancelled Listings Report: none of its listings is on Amazon any more. Choose the "
                "All Listings Report."
            )


def explain_unknown(name: str, header: list[str]) -> UnreadableFile:
    """Return the refusal of a text file that is none of Amazon's."""
    shown = ", ".join(cell for cell in islice(header, 4) if cell)[:120]
    return UnreadableFile(
        f"{name} is not an Amazon listings file: its first row reads '{shown}'. Choose a Category Listings Report "
        "or an All Listings Report."
    )
