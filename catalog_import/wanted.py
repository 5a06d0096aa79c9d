"""What a marketplace's listing wants of its product in this shop: texts in its language, prices in its market."""

from datetime import datetime
from decimal import Decimal

from catalog_import.drafts import Draft, Json, Values
from catalog_import.known import KnownProduct
from catalog_import.places import Place


def want(
    *, draft: Draft, product: KnownProduct | None, imported: Values, here: Place, now: datetime
) -> Values:
    """Return every field with the value it should have; a field that the files do not give is absent."""
    wanted = dict(draft.values)
    for name in ("title", "description", "options"):
        if name in wanted:
            wanted[f"text_{name}"] = wanted[name]
    is_offered = _is_offered(draft, product, imported, here)
    wanted["is_offered"] = is_offered
    if not draft.is_parent:
        wanted |= want_prices(values=draft.values, is_offered=is_offered, here=here, now=now)
    return wanted


def want_prices(*, values: Values, is_offered: bool, here: Place, now: datetime) -> Values:
    """Return the prices of an offer here: None where it is not offered, absent where the files give none."""
    if is_offered and "price" not in values:
        return {}
    price = values["price"] if is_offered else None
    wanted: Values = {}
    if here.owns_stock_price:
        wanted["stock_price"] = price
    if here.market_id is not None:
        wanted["market_price"] = price
        wanted["market_sale"] = _want_sale(values, now) if is_offered else None
    return wanted


def _is_offered(draft: Draft, product: KnownProduct | None, imported: Values, here: Place) -> bool:
    was_offered = imported.get("is_offered")
    if draft.is_active is None and isinstance(was_offered, bool):
        return was_offered
    if draft.is_active is False or not here.is_sold or (product is None and "title" not in draft.values):
        return False
    is_parent = draft.is_parent or (product is not None and product.is_parent)
    return is_parent or "price" in draft.values or (product is not None and _has_price(product, here))


def _has_price(product: KnownProduct, here: Place) -> bool:
    own = product.values.get("stock_price") if here.owns_stock_price else None
    return bool(product.values.get("market_price") or own)


def _want_sale(values: Values, now: datetime) -> Json:
    """Return a reduction that the files date; one that is over, or is none, is left out."""
    amount, ends = values.get("sale_price"), values.get("sale_ends")
    if not amount or not ends or Decimal(str(amount)) >= Decimal(str(values["price"])):
        return None
    until, starts = datetime.fromisoformat(str(ends)), values.get("sale_starts")
    begins = max(now, datetime.fromisoformat(str(starts))) if starts else now
    if until <= begins:
        return None
    return {"amount": amount, "list_price": values["price"], "starts": starts, "ends": ends}
