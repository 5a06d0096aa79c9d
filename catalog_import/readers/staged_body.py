"""A listing as it is staged, its bytes and what is asked of it, and back. The same words are always the same bytes."""

from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from catalog_import.listing import Fulfilment, Listing, Offer, Picture, Role, Status
from catalog_import.readers.known_rows import DIGEST_BYTES


class StagedRow(NamedTuple):
    """A row as it is staged: who it is, and all of it in `body`, a listing or, where `has_cells`, still its cells.

    `digest` tells whether another file says the same; `is_faultless` is a row of a table that was read without a
    problem.
    """

    number: int
    sku: str
    role: Role | None
    parent_sku: str | None
    asin: str | None
    gtin: str | None
    condition: str | None
    product_type: str | None
    item_type_keyword: str | None
    digest: bytes
    has_cells: bool
    body: bytes
    has_status: bool
    is_faultless: bool


def stage_listing(listing: Listing, digest: bytes = b"", *, is_faultless: bool = False) -> StagedRow:
    """Return what is staged of a listing; `digest` is its row's, where it has one."""
    body = pack_listing(listing)
    return StagedRow(
        *(listing.row, listing.sku, listing.role, listing.parent_sku, listing.asin, listing.gtin),
        *(listing.condition, listing.product_type, listing.item_type_keyword),
        *(digest or blake2b(body, digest_size=DIGEST_BYTES).digest(), False, body),
        *(listing.status is not None, is_faultless),
    )


def pack_listing(listing: Listing) -> bytes:
    """Return all of a listing but where it was read: its marketplace, file and row."""
    offer = listing.offer
    return orjson.dumps(
        (
            *(listing.sku, listing.language, listing.asin, listing.gtin, listing.title, listing.description),
            *(listing.brand, listing.product_type, listing.item_type_keyword, listing.bullet_points),
            *(listing.specifications, listing.attributes),
            [(picture.url, picture.role) for picture in listing.pictures],
            *(listing.role, listing.parent_sku, listing.variation_theme, listing.status, listing.condition),
            *(offer.currency, _text(offer.price), _text(offer.sale_price)),
            *(offer.sale_starts, offer.sale_ends, listing.opened_at, offer.quantity, offer.fulfilment),
        )
    )


def unpack_listing(body: bytes, *, marketplace: str, file: str, row: int) -> Listing:
    """Return the listing that `pack_listing` packed."""
    (
        sku, language, asin, gtin, title, description, brand, product_type, keyword, bullets, specifications,
        attributes, pictures, role, parent_sku, theme, status, condition, currency, price, sale_price, sale_starts,
        sale_ends, opened_at, quantity, fulfilment,
    ) = orjson.loads(body)  # fmt: skip
    return Listing(
        marketplace=marketplace,
        sku=sku,
        file=file,
        row=row,
        language=language,
        asin=asin,
        gtin=gtin,
        title=title,
        description=description,
        brand=brand,
        product_type=product_type,
        item_type_keyword=keyword,
        bullet_points=tuple(bullets),
        specifications=tuple(map(tuple, specifications)),
        attributes=attributes,
        pictures=tuple([Picture(url, kind) for url, kind in pictures]),
        role=role and Role(role),
        parent_sku=parent_sku,
        variation_theme=theme,
        status=status and Status(status),
        condition=condition,
        opened_at=_moment(opened_at),
        offer=Offer(
            currency=currency,
            price=_amount(price),
            sale_price=_amount(sale_price),
            sale_starts=_moment(sale_starts),
            sale_ends=_moment(sale_ends),
            quantity=quantity,
            fulfilment=fulfilment and Fulfilment(fulfilment),
        ),
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
