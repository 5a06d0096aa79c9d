"""A plan whose parts do not depend on one another, as for an empty shop: two processes make it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from catalog_import.drafting import Drafter
from catalog_import.known import gtin_key
from catalog_import.product_planner import Circumstances
from catalog_import.readers.staged_family import StagedFamily
from catalog_import.readers.staging import Staging
from catalog_import.two_processes import can_be_two, make_in_two
from catalog_import.unsellable import Found

Made = TypeVar("Made")


def plan_apart(
    *,
    listings: Staging,
    circumstances: Circumstances,
    drafter: Drafter,
    size: int,
    make: Callable[[list[StagedFamily]], Made],
) -> Iterator[Made]:
    """Yield what `make` makes of all families, in parts of about `size` listings; nobody else may write meanwhile."""
    unsellable = circumstances.unsellable

    def make_part(part: list[StagedFamily]) -> tuple[Made, Found]:
        return make(part), unsellable.take()

    parts = partial(listings.families, size)
    is_long = len(listings) > 2 * size
    if is_long and can_be_two() and _know_who_is_first(listings, circumstances, drafter, size):
        made_parts: Iterator[tuple[Made, Found]] = make_in_two(parts, make_part, begin=listings.open_again)
    else:
        made_parts = map(make_part, parts())
    all_found = Found()
    for made, found in made_parts:
        all_found.add(found)
        yield made
    unsellable.add(all_found)


def _know_who_is_first(listings: Staging, circumstances: Circumstances, drafter: Drafter, size: int) -> bool:
    """Note which product is the first to have a product code of several families, which else shows as they are planned.

    Returns False where so many families share codes that it would take too long.
    """
    sharing = listings.families_that_share_codes()
    if len(sharing) > size:
        return False
    for part in listings.families(size, sharing):
        for drafted in drafter.draft(part, digests=[""] * len(part)):
            for draft in drafted.drafts:
                code = draft.values.get("upc")
                if isinstance(code, str) and code in circumstances.shared_codes:
                    circumstances.first_skus.setdefault(gtin_key(code), draft.sku)
    return True
