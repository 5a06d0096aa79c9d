"""Leaving Amazon: which reports to download, where each one is, and what it brings into the shop."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Report:
    """One download: where to click in Seller Central, what it brings, what to look out for."""

    key: str
    name: Text
    need: Text
    path: tuple[Text, ...]
    brings: Text
    note: Text = ""


def list_reports() -> tuple[Report, ...]:
    """Return the downloads in the order to do them: what is most useful first."""
    return _REPORTS


def list_refused() -> tuple[tuple[Text, Text], ...]:
    """Return (what, why) of downloads that are not taken in."""
    return _REFUSED


_REPORTS = (
    Report(
        "category",
        _("Category Listings Report"),
        _("Needed"),
        (
            _("Reports"),
            _("Inventory Reports"),
            _("Category Listings Report"),
            _("Request report"),
            _("Download"),
        ),
        _("Titles, descriptions, bullet points, pictures, variants, attributes, prices: nearly everything."),
        _(
            "One file per category; download them all and leave them as they are (xlsx, xlsm or txt)."
            " If the report is not in the list, ask Seller Support to switch it on: it takes a day."
        ),
    ),
    Report(
        "listings",
        _("All Listings Report"),
        _("Needed"),
        (_("Reports"), _("Inventory Reports"), _("All Listings Report"), _("Request report"), _("Download")),
        _("Every SKU with its ASIN, price, quantity and state: it tells what is on sale and what is gone."),
        _("A text file with tabs. Do not open and save it in a spreadsheet: that destroys codes and dates."),
    ),
    Report(
        "stock",
        _("FBA inventory"),
        _("If Amazon ships for you"),
        (_("Reports"), _("Fulfillment"), _("Inventory"), _("Manage FBA Inventory"), _("Download")),
        _("How many pieces lie in Amazon's warehouses; the listings report leaves that blank."),
    ),
    Report(
        "aplus",
        _("A+ content"),
        _("If you have A+ pages"),
        (
            _("Advertising"),
            _("A+ Content Manager"),
            _("Your content"),
            _("Export as JSON with your own API key"),
        ),
        _("The stories under your products: pictures, texts, comparison tables."),
        _(
            "Seller Central shows A+ pages but cannot save them. With an API key of your own, save the answers of"
            " getContentDocument and listContentDocumentAsinRelations as JSON files. Premium modules are not in them."
        ),
    ),
    Report(
        "pictures",
        _("Your original pictures"),
        _("Good to have"),
        (_("Your own archive or your photographer"),),
        _("The shop copies pictures from the addresses in the reports while your listings are online."),
        _(
            "Once an account is closed those addresses may die: import before you close it, or bring a folder."
        ),
    ),
    Report(
        "business",
        _("Business report by child item"),
        _("Good to have"),
        (
            _("Reports"),
            _("Business Reports"),
            _("Detail Page Sales and Traffic by Child Item"),
            _("Download CSV"),
        ),
        _("Which products sell: you decide better what to put on the first page."),
        _("It is not read yet; keep it for your own comparison."),
    ),
)
_REFUSED = (
    (
        _("Orders, returns and customer lists"),
        _(
            "They hold names and addresses of Amazon's customers. Refused, and deleted at once: you may not use them."
        ),
    ),
    (
        _("Reviews, questions and star ratings"),
        _("Their authors licensed them to Amazon, not to you. Ask your own customers for reviews."),
    ),
)
