"""Brand, options and other attributes of restored products, with the attributes of their classes made where missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from django.apps import apps
from oscar.core.loading import get_model

from catalog_import.open_format import Record
from catalog_import.oscar_catalogue.bulk import insert_rows
from catalog_import.product_types import name_axis

Pairs: TypeAlias = Sequence[tuple[int, Record]]
Note: TypeAlias = Callable[[str, str], None]


def write_attributes(pairs: Pairs, *, class_of: Mapping[int, int | None], note: Note) -> None:
    """Write brand, options and attributes; those an object does not name stay."""
    wanted: dict[tuple[int, str], tuple[str, Record]] = {}
    for key, record in pairs:
        said: Record = dict(record.get("attributes", {}))
        if record.get("brand"):
            said["brand"] = {"type": "text", "value": record["brand"]}
        for axis, option in record.get("options", {}).items():
            if option.get("value"):
                said[axis] = {"type": "text", "value": option["value"], "name": _label(axis, option)}
        wanted |= {(key, code): (record["sku"], each) for code, each in said.items()}
    attributes = _ensure_attributes(wanted, class_of)
    AttributeValue = get_model("catalogue", "ProductAttributeValue")
    rows = []
    several = []
    for (key, code), (sku, said) in wanted.items():
        attribute = attributes[class_of[key], code]
        row = AttributeValue(product_id=key, attribute=attribute)
        try:
            if attribute.type == "multi_option":
                several.append((row, [_option(attribute, each) for each in said.get("values", [])]))
            else:
                setattr(row, f"value_{attribute.type}", _read_value(attribute, said.get("value", "")))
        except ValueError:
            note(sku, f"{code}: {said.get('value')!r} is not a value of this attribute ({attribute.type}).")
            continue
        rows.append(row)
    touched = {(row.product_id, row.attribute_id) for row in rows}
    found = AttributeValue.objects.filter(product_id__in={key for key, _ in touched}).order_by()
    old = [
        pk for pk, *pair in found.values_list("pk", "product_id", "attribute_id") if tuple(pair) in touched
    ]
    AttributeValue.objects.filter(pk__in=old).delete()
    AttributeValue.objects.bulk_create(rows)
    for row, options in several:
        row.value_multi_option.set(options)


def _label(axis: str, option: Record) -> str:
    labels = [text["label"] for _, text in sorted(option.get("texts", {}).items()) if text.get("label")]
    return labels[0] if labels else name_axis(axis, "en")


def _ensure_attributes(
    wanted: Mapping[tuple[int, str], tuple[str, Record]], class_of: Mapping[int, int | None]
) -> dict[tuple[int | None, str], Any]:
    ProductAttribute = get_model("catalogue", "ProductAttribute")
    needed = {(class_of[key], code): said for (key, code), (_sku, said) in wanted.items()}
    attributes = ProductAttribute.objects.filter(product_class_id__in={key for key, _ in needed})
    found = {(each.product_class_id, each.code): each for each in attributes.order_by("id")}
    for (class_id, code), said in sorted(needed.items()):
        if (class_id, code) in found:
            continue
        kind = said.get("type", "text")
        group = None
        if kind in ("option", "multi_option"):
            group, _ = get_model("catalogue", "AttributeOptionGroup").objects.get_or_create(name=code)
        found[class_id, code] = ProductAttribute.objects.create(
            product_class_id=class_id,
            code=code,
            name=said.get("name", "") or name_axis(code, "en"),
            type=kind,
            option_group=group,
        )
    return found


def _read_value(attribute: Any, text: str) -> Any:
    kind = attribute.type
    if kind == "integer":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "datetime":
        return datetime.fromisoformat(text)
    if kind == "option":
        return _option(attribute, text)
    if kind not in ("text", "richtext"):
        raise ValueError(kind)
    return text


def _option(attribute: Any, text: str) -> Any:
    AttributeOption = get_model("catalogue", "AttributeOption")
    return AttributeOption.objects.get_or_create(group=attribute.option_group, option=text)[0]


def write_option_texts(pairs: Pairs) -> None:
    OptionText = apps.get_model("markets", "OptionText")
    touched = [(key, record["options"]) for key, record in pairs if record.get("options")]
    OptionText.objects.filter(product_id__in=[key for key, _ in touched]).delete()
    rows = [
        (key, language, axis, text.get("label", ""), text.get("value", ""))
        for key, options in touched
        for axis, option in options.items()
        for language, text in option.get("texts", {}).items()
    ]
    insert_rows(OptionText, ("product", "language", "axis", "label", "value"), rows)
