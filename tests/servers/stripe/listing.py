"""Lists as Stripe answers them, newest first and in pages; and objects in the place of their ids (expand)."""

import copy
from collections.abc import Callable
from typing import Any

from .account import Account
from .errors import ApiError, missing_resource
from .forms import Params, read_integer
from .store import Record

EXPANDABLE = {
    "latest_charge": "charge",
    "charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "customer": "customer",
    "balance_transaction": "balance_transaction",
}
# What a balance transaction's `source` may be, by the beginning of its id.
_SOURCES = {"ch_": "charge", "py_": "charge", "re_": "refund", "du_": "dispute", "po_": "payout"}
NEVER_HELD = frozenset({"application", "on_behalf_of", "review", "source", "failure_balance_transaction"})
_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


def answer_list(found: list[Record], params: Params, *, url: str) -> Record:
    """Return one page of objects given oldest first: filtered by `created`, cut by limit and cursor."""
    wanted = [
        thing for thing in reversed(found) if _is_within(thing["created"], params.values.get("created"))
    ]
    limit = params.integer("limit")
    limit = 10 if limit is None else limit
    if not 1 <= limit <= 100:
        raise ApiError(
            "This value must be between 1 and 100.", code="parameter_invalid_integer", param="limit"
        )
    after, before = params.text("starting_after"), params.text("ending_before")
    if after and before:
        raise ApiError("You can only use one of starting_after and ending_before.", param="ending_before")
    if before:
        wanted = wanted[: _place(found, wanted, before, param="ending_before")]
        return _page(wanted[-limit:], has_more=len(wanted) > limit, url=url)
    if after:
        wanted = wanted[_place(found, wanted, after, param="starting_after") + 1 :]
    return _page(wanted[:limit], has_more=len(wanted) > limit, url=url)


def expand(account: Account, answer: Record, paths: list[str]) -> Record:
    """Return a copy of an answer with the objects its `expand` paths name."""
    copied = copy.deepcopy(answer)
    for path in paths:
        parts = path.split(".")
        if len(parts) > 4:
            raise ApiError("You cannot expand more than 4 levels of a property.", param="expand")
        _expand_path(account, copied, parts, path)
    return copied


def _expand_path(account: Account, thing: Record, parts: list[str], path: str) -> None:
    name, *rest = parts
    if thing.get("object") == "list" and name == "data":
        for item in thing["data"]:
            _expand_path(account, item, rest, path)
        return
    if thing.get("object") == "charge" and name == "refunds":
        found = [r for r in account.store.every("refund") if r["charge"] == thing["id"]]
        thing["refunds"] = copy.deepcopy(
            _page(
                list(reversed(found))[:10], has_more=len(found) > 10, url=f"/v1/charges/{thing['id']}/refunds"
            )
        )
        return
    if thing.get("object") == "tax.calculation" and name == "line_items":
        _expand_path(account, thing["line_items"], rest, path)
        return
    if name == "tax_breakdown":
        return  # answered whole already
    if name not in thing or (name not in EXPANDABLE and name not in NEVER_HELD):
        raise ApiError(f"This property cannot be expanded ({path}).", param="expand")
    value = thing[name]
    kind = EXPANDABLE.get(name)
    if thing.get("object") == "balance_transaction" and name == "source":
        kind = _SOURCES.get(str(value)[:3])
    if isinstance(value, str) and kind:
        held = account.store.get(kind, value)
        thing[name] = value = copy.deepcopy(held) if held else value
    if rest and isinstance(value, dict):
        _expand_path(account, value, rest, path)


def _is_within(created: int, asked: Any) -> bool:
    if asked is None:
        return True
    if not isinstance(asked, dict):
        return created == read_integer(asked, param="created")
    for name, value in asked.items():
        if name not in _COMPARISONS:
            raise ApiError(
                f"Received unknown parameter: created[{name}]",
                code="parameter_unknown",
                param=f"created[{name}]",
            )
        if not _COMPARISONS[name](created, read_integer(value, param=f"created[{name}]")):
            return False
    return True


def _place(found: list[Record], wanted: list[Record], identifier: str, *, param: str) -> int:
    for number, thing in enumerate(wanted):
        if thing["id"] == identifier:
            return number
    kind = found[0]["object"] if found else "object"
    raise missing_resource(kind, identifier, param=param, status=400)


def _page(data: list[Record], *, has_more: bool, url: str) -> Record:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
