"""Where everything stands in a Category Listings Report: which column holds which field, in which language."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from catalog_import.errors import OtherMarketplaceFile, UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.marketplaces import MARKETPLACE_BY_ID, Marketplace
from catalog_import.readers.attribute_paths import AttributePath, parse_attribute_path
from catalog_import.readers.columns import CATEGORY_KEYS, NOT_A_SPECIFICATION
from catalog_import.readers.tabular import Row

_OTHER_PICTURE = re.compile(r"other_product_image_locator_(\d+)")
_OPTION_NAMES = frozenset(["color", "size", "style", "apparel_size"])
_NUMERIC_SETTINGS = frozenset(["labelRow", "attributeRow", "dataRow"])
_REQUIREMENT_WORDS = frozenset(
    ["required", "optional", "preferred", "desired", "recommended", "conditionally required", "erforderlich",
     "empfohlen", "obligatoire", "facultatif", "recommandé", "obbligatorio", "facoltativo", "consigliato",
     "obligatorio", "opcional", "recomendado", "必須", "任意", "推奨", "必填", "可选", "推荐"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AttributeColumns:
    """A plain attribute: the columns of its value and unit, and whether it is a specification to show."""

    name: str
    label: str
    value: int
    unit: int | None
    is_specification: bool


@dataclass(slots=True)
class Layout:
    """Where everything stands in one file: field -> column, and the columns that repeat."""

    data_row: int
    language: str
    header: list[str]
    fields: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    bullets: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    attributes: list[AttributeColumns] = field(default_factory=list)
    product_types: dict[str, str] = field(default_factory=dict)
    """Product types by the spelling of older templates: `electroniccable` is ELECTRONIC_CABLE."""


def read_layout(*, name: str, head: list[Row], header_row: int, marketplace: Marketplace) -> Layout:
    """Return where everything stands; `head` are the first rows. Raises OtherMarketplaceFile and UnreadableFile."""
    rows = dict(head)
    keys = [cell.strip() for cell in rows[header_row]]
    settings = read_settings(head)
    check_marketplace(name, settings, marketplace)
    language_tag = settings.get("contentLanguageTag", "")
    layout = Layout(
        data_row=find_data_row(head, header_row, settings),
        language=(language_tag or marketplace.language).split("_")[0].casefold(),
        header=keys,
    )
    labels = rows.get(int(settings.get("labelRow", header_row - 1)), [])
    _place_columns(layout, keys, labels, marketplace, language_tag)
    if "sku" not in layout.fields:
        raise UnreadableFile(
            _("%(name)s, row %(row)s: no column contribution_sku. Export the report again."),
            name=name,
            row=header_row,
        )
    return layout


def read_settings(head: list[Row]) -> dict[str, str]:
    """Return the settings Amazon writes above the table; they may spill into the cells beside."""
    for _number, cells in head:
        start = next((index for index, cell in enumerate(cells) if cell.startswith("settings=")), None)
        if start is not None:
            parsed = parse_qs("".join(cells[start:]).removeprefix("settings="), max_num_fields=10_000)
            return {
                name: values[0]
                for name, values in parsed.items()
                if name not in _NUMERIC_SETTINGS or (values[0].isascii() and values[0].isdigit())
            }
    return {}


def check_marketplace(name: str, settings: dict[str, str], marketplace: Marketplace) -> None:
    """Raise OtherMarketplaceFile where the settings name another marketplace."""
    file_marketplace_id = settings.get("primaryMarketplaceId", "").rpartition(".")[2]
    if file_marketplace_id and file_marketplace_id != marketplace.id:
        other = MARKETPLACE_BY_ID.get(file_marketplace_id)
        raise OtherMarketplaceFile(
            _("%(name)s is from Amazon %(theirs)s, not from Amazon %(ours)s."),
            name=name,
            theirs=other.code.upper() if other else file_marketplace_id[:20],
            ours=marketplace.code.upper(),
        )


def find_data_row(head: list[Row], header_row: int, settings: dict[str, str]) -> int:
    """Return the first row of products; a row that only says what is required is passed over."""
    data_row = int(settings.get("dataRow", "0")[:6])
    if data_row <= header_row:
        data_row = header_row + 1
    words = {cell.strip().casefold() for cell in dict(head).get(data_row, []) if cell.strip()}
    return data_row + 1 if words and words <= _REQUIREMENT_WORDS else data_row


def _place_columns(
    layout: Layout, keys: list[str], labels: list[str], marketplace: Marketplace, language_tag: str
) -> None:
    """Sort the columns of this marketplace and language into fields, bullets, pictures and attributes."""
    paths: list[tuple[int, AttributePath]] = []
    for index, key in enumerate(keys):
        path = parse_attribute_path(key)
        if path is not None and path.marketplace_id in ("", marketplace.id) and path.audience != "B2B":
            paths.append((index, path))
    spoken = {(path.name, path.language_tag) for _, path in paths}
    bullets: list[tuple[int, int]] = []
    pictures: list[tuple[int, int]] = []
    units = {(path.name, path.number): index for index, path in paths if path.part == "unit"}
    for index, path in paths:
        if path.language_tag != language_tag and path.language_tag and (path.name, language_tag) in spoken:
            continue  # the same attribute in another language than the file's content
        other_picture = _OTHER_PICTURE.fullmatch(path.name)
        if other_picture:
            pictures.append((int(other_picture[1]), index))
        elif path.name == "bullet_point" and path.part == "value":
            bullets.append((path.number, index))
        elif path.name in CATEGORY_KEYS:
            _place_field(layout.fields, path, index)
        elif path.part in ("value", "size") and path.number == 1:
            label = labels[index].strip() if index < len(labels) else path.name.replace("_", " ").title()
            unit = units.get((path.name, path.number))
            hidden = path.name in _OPTION_NAMES or NOT_A_SPECIFICATION.match(path.name) is not None
            layout.attributes.append(AttributeColumns(path.name, label, index, unit, not hidden))
    layout.names = {name: keys[index] for name, index in layout.fields.items()}
    layout.bullets = [index for _, index in sorted(bullets)]
    layout.pictures = [index for _, index in sorted(pictures)]


def _place_field(fields: dict[str, int], path: AttributePath, index: int) -> None:
    name = CATEGORY_KEYS[path.name]
    parts = {
        "price": {"our_price#1.schedule#1.value_with_tax": "price",
                  "discounted_price#1.schedule#1.value_with_tax": "sale_price",
                  "discounted_price#1.schedule#1.start_at": "sale_starts",
                  "discounted_price#1.schedule#1.end_at": "sale_ends", "currency": "currency"},
        "quantity": {"quantity": "quantity", "fulfillment_channel_code": "fulfilment_channel"},
        "parent_sku": {"parent_sku": "parent_sku"},
        "product_id": {"value": "product_id", "type": "product_id_type"},
        "variation_theme": {"name": "variation_theme"},
        "main_picture": {"media_location": "main_picture"},
        "swatch_picture": {"media_location": "swatch_picture"},
    }.get(name, {"value": name})  # fmt: skip
    if path.part in parts:
        fields.setdefault(parts[path.part], index)
