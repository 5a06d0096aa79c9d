"""What each kind of problem is called and what to do about it; the codes are `listing.ProblemKind`'s."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProblemWords:
    """A kind of problem for people: a name, and what to do."""

    label: str | Promise
    advice: str | Promise = ""


_WORDS = {
    "missing_sku": ProblemWords(
        _("Rows without a SKU"), _("They were left out. Give them a SKU in Seller Central.")
    ),
    "example_row": ProblemWords(_("Amazon's example rows"), _("They were left out. Nothing to do.")),
    "deleted_row": ProblemWords(
        _("Rows that delete a listing"), _("They were left out; an import deletes nothing.")
    ),
    "row_too_long": ProblemWords(
        _("Rows with more cells than columns"),
        _("They were left out. Download the report again, do not edit it."),
    ),
    "line_too_long": ProblemWords(
        _("Lines too long to be a row"), _("They were left out. Download the report again.")
    ),
    "duplicate_sku": ProblemWords(_("SKUs that come twice"), _("The later row was used.")),
    "lost_character": ProblemWords(
        _("Characters destroyed before the file came here"),
        _("Correct the text in the shop; your correction stays at the next import."),
    ),
    "long_title": ProblemWords(
        _("Very long titles"), _("They were shortened. Write a shorter title in the shop.")
    ),
    "missing_title": ProblemWords(
        _("Products without a title"), _("They are not shown. Give them a title, or add the category report.")
    ),
    "bad_price": ProblemWords(
        _("Prices that are no number"), _("Enter the price in the shop or correct the file.")
    ),
    "ambiguous_price": ProblemWords(
        _("Prices that can be read in two ways"),
        _("Check these prices; they follow the marketplace's notation."),
    ),
    "missing_price": ProblemWords(_("Products without a price"), _("They are not shown. Give them a price.")),
    "other_currency": ProblemWords(
        _("Prices in another currency"), _("They were not taken over. Enter the price of this market.")
    ),
    "bad_date": ProblemWords(
        _("Dates that cannot be read"), _("Check the reduced prices of these products.")
    ),
    "bad_quantity": ProblemWords(_("Quantities that are no number"), _("Enter the stock in the shop.")),
    "unknown_quantity": ProblemWords(
        _("Products whose stock no file says"),
        _("They start at 0. Add the FBA inventory report or enter the stock."),
    ),
    "bad_gtin": ProblemWords(
        _("Product codes that are not valid"), _("The product has no code now. Enter the right EAN or UPC.")
    ),
    "gtin_taken": ProblemWords(
        _("Product codes used twice"), _("The second product has no code now. Correct one of the two.")
    ),
    "unknown_status": ProblemWords(
        _("Unknown listing states"), _("Check whether these products should be shown.")
    ),
    "orphan_child": ProblemWords(
        _("Variants whose parent is in no file"), _("Add the category report that has the parent row.")
    ),
    "renamed_parent": ProblemWords(_("Variants whose parent was renamed"), _("Check these families.")),
    "empty_family": ProblemWords(
        _("Parents without variants"),
        _("Add the file that has their variants, or leave them: they are not shown."),
    ),
    "missing_option": ProblemWords(
        _("Variants without a value to choose"), _("Name what sets the variant apart, such as its colour.")
    ),
    "derived_option": ProblemWords(
        _("Options taken from titles"), _("Check them: the files did not name them, the titles did.")
    ),
    "duplicate_variant": ProblemWords(
        _("Two variants that are the same"), _("Tell them apart in Seller Central, or delete one.")
    ),
    "ambiguous_product": ProblemWords(
        _("Products that could be two of your shop's"), _("Decide which one it is, then import again.")
    ),
    "bad_picture_address": ProblemWords(
        _("Picture addresses that are not fetched"),
        _("They lead into a private network or are no web address."),
    ),
    "unsupported_module": ProblemWords(
        _("A+ modules the shop has no part for"), _("They were left out. Rebuild them in the story.")
    ),
    "amazon_wording": ProblemWords(
        _("Stories that speak of Amazon's shop"),
        _("Reword them: Prime, badges and stars are Amazon's, not yours."),
    ),
    "story_without_product": ProblemWords(
        _("Stories no product of the shop shows"),
        _("Import the listings they belong to, or choose products by hand."),
    ),
    "picture_failed": ProblemWords(
        _("Pictures that could not be had"),
        _("They are tried again at the next import; or add them in the shop."),
    ),
}


def describe(code: str) -> ProblemWords:
    """Return the words of a kind; a kind without words is called by its code."""
    return _WORDS.get(code) or ProblemWords(code.replace("_", " "))
