"""A plan in words: its parts, and each field's value before and after with the difference marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model

from catalog_import.drafts import Json
from catalog_import.marketplaces import MARKETPLACES
from catalog_import.models import ImportRun
from catalog_import.selectors import FIELD_NAMES, FieldChange, PlanRow

LONGEST_SHOWN = 400
LONGEST_COMPARED = 3000
_PRICES = frozenset(["stock_price", "market_price"])


# What an undo left, where it is no field of a plan: a column or a table of the shop's, or why a product stays.
_LEFT = {
    "order": gettext_lazy("was ordered: the product stays"),
    "story": gettext_lazy("product story"),
    "num_in_stock": gettext_lazy("stock"),
    "partner_sku": gettext_lazy("SKU"),
    "price_currency": gettext_lazy("price"),
    "value_text": gettext_lazy("options"),
    "attribute": gettext_lazy("options"),
    "option": gettext_lazy("options"),
    "label": gettext_lazy("options"),
    "value": gettext_lazy("options"),
    "text": gettext_lazy("texts in its language"),
    "product": gettext_lazy("was deleted"),
    "listing": gettext_lazy("Amazon listing"),
    "product_id": gettext_lazy("Amazon listing"),
    "is_primary": gettext_lazy("Amazon listing"),
    "asin": gettext_lazy("Amazon listing"),
    "imported": gettext_lazy("Amazon listing"),
    "slug": gettext_lazy("address"),
    "product_class_id": gettext_lazy("product type"),
    "parent_id": gettext_lazy("parent"),
}


def name_of_what_was_left(what: str) -> str:
    """Return what an undo left as it is, in the reader's language."""
    return str(FIELD_NAMES.get(what) or _LEFT.get(what) or what.replace("_", " "))


@dataclass(frozen=True)
class Tab:
    """One part of a plan: its name, what it means, its icon."""

    label: str | Promise
    meaning: str | Promise
    icon: str


TABS = {
    "create": Tab(
        gettext_lazy("New"), gettext_lazy("Products your shop does not have yet. They are added."), "plus"
    ),
    "update": Tab(
        gettext_lazy("Changed"),
        gettext_lazy(
            "Products your shop has, where Amazon says something else now. They are brought up to date."
        ),
        "edit",
    ),
    "withdraw": Tab(
        gettext_lazy("Taken off sale"),
        gettext_lazy(
            "Products that Amazon lists no more. They are hidden, never deleted, and come back by themselves."
        ),
        "no-view",
    ),
    "keep": Tab(
        gettext_lazy("Kept as you made it"),
        gettext_lazy(
            "Fields you changed in your shop since the last import. Yours stays; this is what Amazon says."
        ),
        "lock",
    ),
    "unchanged": Tab(
        gettext_lazy("Unchanged"),
        gettext_lazy("Products that say the same in both places. Nothing happens."),
        "check",
    ),
}
_STRUCTURES = {
    "parent": gettext_lazy("product with variants"),
    "child": gettext_lazy("variant"),
    "standalone": gettext_lazy("single product"),
}


@dataclass(frozen=True)
class Piece:
    """Some words of a value; `kind` is `same`, `gone` or `new`."""

    kind: str
    text: str


@dataclass(frozen=True)
class ShownField:
    """One field of a row; `pieces` has before and after as one marked text where that reads better than two."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class ShownRow:
    """One product of a plan for the page; `is_only_noted`: Amazon says something new that does not show here."""

    sku: str
    title: str
    parent_sku: str
    product_id: int | None
    action: str
    fields: tuple[ShownField, ...]
    is_only_noted: bool = False


def describe_rows(rows: Sequence[PlanRow], run: ImportRun) -> list[ShownRow]:
    """Return rows of a plan with their values in words; titles that the plan leaves alone come from the shop."""
    unnamed = {row.product_id for row in rows if row.product_id and not row.title}
    products = get_model("catalogue", "Product").objects.filter(pk__in=unnamed)
    titles = dict(products.values_list("pk", "title")) if unnamed else {}
    return [_describe_row(row, run, titles.get(row.product_id, "")) for row in rows]


def _describe_row(row: PlanRow, run: ImportRun, title: str) -> ShownRow:
    fields: list[ShownField] = []
    is_only_noted = [change.name for change in row.changes] == ["listing"]
    for change in () if is_only_noted else row.changes:
        shown = _describe(change, row.action, run)
        if shown not in fields and not (change.name == "title" and row.action == "create"):
            fields.append(shown)
    return ShownRow(
        sku=row.sku,
        title=row.title or title,
        parent_sku=row.parent_sku,
        product_id=row.product_id,
        action=row.action,
        fields=tuple(fields),
        is_only_noted=is_only_noted,
    )


def _describe(change: FieldChange, action: str, run: ImportRun) -> ShownField:
    before, after = (_in_words(change.name, value, run) for value in (change.before, change.after))
    if action in ("create", "keep") or change.before in (None, "", []):
        return ShownField(change.label, _shorten(before), _shorten(after))
    return ShownField(change.label, _shorten(before), _shorten(after), compare(before, after))


def _in_words(name: str, value: Json, run: ImportRun) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "structure":
        return str(_STRUCTURES.get(str(value), value))
    if name in _PRICES:
        return f"{value} {MARKETPLACES[run.marketplace].currency}"
    if name == "market_sale" and isinstance(value, dict):
        return _describe_sale(value, MARKETPLACES[run.marketplace].currency)
    if name == "pictures" and isinstance(value, list):
        return "\n".join(str(pair[0]).rpartition("/")[2] for pair in value if isinstance(pair, list))
    if isinstance(value, list):
        return "\n".join(": ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value)
    if isinstance(value, dict):
        return "\n".join(f"{key}: {each}" for key, each in value.items() if each is not None)
    return strip_tags(str(value)) if name.endswith("description") else str(value)


def _describe_sale(sale: dict[str, Any], currency: str) -> str:
    ends = parse_datetime(str(sale.get("ends") or ""))
    return _("%(price)s %(currency)s until %(day)s") % {
        "price": sale.get("amount", ""),
        "currency": currency,
        "day": date_format(ends, "SHORT_DATE_FORMAT") if ends else "–",
    }


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()} …"


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts as one with what is gone and what is new; nothing where they have little in common."""
    if max(len(before), len(after)) > LONGEST_COMPARED:
        return ()
    separator = "\n" if "\n" in before + after else " "
    old, new = before.split(separator), after.split(separator)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) + len(new) < 8 or matcher.ratio() < 0.4:
        return ()
    pieces: list[Piece] = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", _fold(old[start:end], separator)))
            continue
        if end > start:
            pieces.append(Piece("gone", separator.join(old[start:end])))
        if new_end > new_start:
            pieces.append(Piece("new", separator.join(new[new_start:new_end])))
    return tuple(pieces)


def _fold(words: Sequence[str], separator: str) -> str:
    """Leave out the middle of a long passage that is the same on both sides."""
    edge = 3 if separator == "\n" else 12
    if len(words) <= 2 * edge + 3:
        return separator.join(words)
    return separator.join([*words[:edge], "…", *words[-edge:]])
