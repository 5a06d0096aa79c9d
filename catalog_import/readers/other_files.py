"""What the importer does not read, and why: buyers' data, other reports, other kinds of files."""

from itertools import islice

from catalog_import.errors import PersonalDataFile, PictureFile, UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.readers.columns import normalise_header

_MAGIC = [
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"RIFF", _("a picture")),
    (b"SQLite format 3", _("a database")),
    (b"Rar!", _("a RAR archive; unpack it first")),
    (b"7z\xbc\xaf", _("a 7-Zip archive; unpack it first")),
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"<?xml", _("an XML document")),
    (b"<!DOCTYPE html", _("a web page")),
    (b"<html", _("a web page")),
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
    (("settlement id",), _("a settlement report")),
    (("date/time", "settlement id"), _("a payments report")),
    (("(child) asin",), _("a business report")),
    (("(untergeordnete) asin",), _("a business report")),
    (("（子）asin",), _("a business report")),
    (("(子)asin",), _("a business report")),
    (("estimated fee total",), _("an FBA fee preview")),
    (("expected domestic fulfilment fee per unit",), _("an FBA fee preview")),
    (("month_of_charge",), _("an FBA storage fee report")),
    (("inv age 0 to 90 days",), _("an FBA inventory planning report")),
    (("stranded reason",), _("a stranded inventory report")),
    (("advertised sku",), _("an advertising report")),
    (("beworbene sku",), _("an advertising report")),
    (("customer search term",), _("an advertising report")),
    (("campaign name",), _("an advertising report")),
    (("kampagnen name",), _("an advertising report")),
    (("kampagnenname",), _("an advertising report")),
)
_CANCELLED = {"item name", "seller sku", "add delete"}
_LIVING = {"fulfillment channel", "fulfilment channel", "listing id", "open date", "status"}


def refuse_magic(name: str, start: bytes) -> None:
    """Raise UnreadableFile for kinds of files that are told by their first bytes."""
    begin = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, description in _MAGIC:
        if begin.startswith(magic):
            kind = PictureFile if description == "a picture" else UnreadableFile
            raise kind(_("%(name)s is %(what)s, not an Amazon listings file."), name=name, what=description)


def refuse_other_report(name: str, head: list[list[str]]) -> None:
    """Raise PersonalDataFile for reports about buyers, UnreadableFile for reports without a catalogue."""
    for cells in head:
        if len(cells) < 2:
            continue
        headers = {normalise_header(cell) for cell in cells}
        if headers & PERSONAL_HEADERS or (headers & ORDER_HEADERS and "settlement id" not in headers):
            raise PersonalDataFile(
                _(
                    "%(name)s is an orders report with Amazon buyers' names or addresses. This data "
                    "belongs to Amazon's orders and may not be taken into a shop; choose a listings file "
                    "instead."
                ),
                name=name,
            )
        for telling, description in OTHER_REPORTS:
            if headers.issuperset(telling):
                raise UnreadableFile(
                    _(
                        "%(name)s is %(what)s; the catalogue is not in it. Choose a Category Listings "
                        "Report or an All Listings Report."
                    ),
                    name=name,
                    what=description,
                )
        if headers >= _CANCELLED and not headers & _LIVING:
            raise UnreadableFile(
                _(
                    "%(name)s is a Cancelled Listings Report: none of its listings is on Amazon any more."
                    " Choose the All Listings Report."
                ),
                name=name,
            )


def explain_unknown(name: str, header: list[str]) -> UnreadableFile:
    """Return the refusal of a text file that is none of Amazon's."""
    shown = ", ".join(cell for cell in islice(header, 4) if cell)[:120]
    return UnreadableFile(
        _(
            "%(name)s is not an Amazon listings file: its first row reads '%(shown)s'. Choose a Category "
            "Listings Report or an All Listings Report."
        ),
        name=name,
        shown=shown,
    )
