"""What an Amazon file says about one SKU, as plain values; None means the file does not say.

Nobody changes them; listings and offers are not frozen, as making one would take three times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Role(StrEnum):
    """Where a SKU stands in its family."""

    PARENT = "parent"
    CHILD = "child"
    STANDALONE = "standalone"


class Status(StrEnum):
    """Amazon's word for whether a listing is on sale; only ACTIVE is shown in the shop."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    INCOMPLETE = "incomplete"


class Fulfilment(StrEnum):
    """Who ships: the merchant, or Amazon from its own warehouse (FBA)."""

    MERCHANT = "merchant"
    AMAZON = "amazon"


class ProblemKind(StrEnum):
    """Every kind of problem an import reports; the codes are stable, the sentences are not."""

    MISSING_SKU = "missing_sku"
    EXAMPLE_ROW = "example_row"
    DELETED_ROW = "deleted_row"
    ROW_TOO_LONG = "row_too_long"
    LINE_TOO_LONG = "line_too_long"
    DUPLICATE_SKU = "duplicate_sku"
    LOST_CHARACTER = "lost_character"
    LONG_TITLE = "long_title"
    MISSING_TITLE = "missing_title"
    BAD_PRICE = "bad_price"
    AMBIGUOUS_PRICE = "ambiguous_price"
    MISSING_PRICE = "missing_price"
    OTHER_CURRENCY = "other_currency"
    BAD_DATE = "bad_date"
    BAD_QUANTITY = "bad_quantity"
    UNKNOWN_QUANTITY = "unknown_quantity"
    BAD_GTIN = "bad_gtin"
    GTIN_TAKEN = "gtin_taken"
    UNKNOWN_STATUS = "unknown_status"
    ORPHAN_CHILD = "orphan_child"
    RENAMED_PARENT = "renamed_parent"
    EMPTY_FAMILY = "empty_family"
    MISSING_OPTION = "missing_option"
    DERIVED_OPTION = "derived_option"
    DUPLICATE_VARIANT = "duplicate_variant"
    AMBIGUOUS_PRODUCT = "ambiguous_product"
    BAD_PICTURE_ADDRESS = "bad_picture_address"
    PICTURE_FAILED = "picture_failed"
    UNSUPPORTED_MODULE = "unsupported_module"
    AMAZON_WORDING = "amazon_wording"
    STORY_WITHOUT_PRODUCT = "story_without_product"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Something wrong with one row: where it is, what is wrong, and what was done or is to be done."""

    file: str
    row: int | None
    column: str
    kind: ProblemKind
    sku: str
    message: str
    action: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture address; the role is `main`, `other` or `swatch`, in Amazon's order."""

    url: str
    role: str


@dataclass(slots=True, kw_only=True)
class Offer:
    """On which terms a SKU is sold: price in `currency`, and how many there are.

    The sale price holds from `sale_starts` (None: already) until `sale_ends`; without an end it is not announced.
    """

    currency: str
    price: Decimal | None = None
    sale_price: Decimal | None = None
    sale_starts: datetime | None = None
    sale_ends: datetime | None = None
    quantity: int | None = None
    fulfilment: Fulfilment | None = None


@dataclass(slots=True, kw_only=True)
class Listing:
    """One SKU on one marketplace; `file` and `row` (1 = first line) say where it was read."""

    marketplace: str
    sku: str
    file: str
    row: int
    offer: Offer
    language: str | None = None
    asin: str | None = None
    gtin: str | None = None
    title: str | None = None
    description: str | None = None
    brand: str | None = None
    product_type: str | None = None
    item_type_keyword: str | None = None
    bullet_points: tuple[str, ...] = ()
    specifications: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    role: Role | None = None
    parent_sku: str | None = None
    variation_theme: str | None = None
    status: Status | None = None
    condition: str | None = None
    opened_at: datetime | None = None
