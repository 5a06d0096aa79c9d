"""Where everything stands in an inventory file template of generations 1 to 3."""

import base64

from catalog_import.errors import UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.marketplaces import Marketplace
from catalog_import.readers.category_layout import (
    AttributeColumns,
    Layout,
    check_marketplace,
    find_data_row,
    read_settings,
)
from catalog_import.readers.flat_keys import (
    FLAT_FIELDS,
    NOT_SHOWN,
    NUMBERED_BULLET,
    NUMBERED_PICTURE,
    UNIT_SUFFIXES,
    normalise_key,
    option_name,
)
from catalog_import.readers.tabular import Row


def read_flat_layout(*, name: str, head: list[Row], header_row: int, marketplace: Marketplace) -> Layout:
    """Return where everything stands; `head` are the first rows. Raises OtherMarketplaceFile and UnreadableFile."""
    rows = dict(head)
    header = [cell.strip() for cell in rows[header_row]]
    keys = [normalise_key(cell) for cell in header]
    settings = read_settings(head)
    check_marketplace(name, settings, marketplace)
    language_tag = settings.get("contentLanguageTag", "")
    layout = Layout(
        data_row=find_data_row(head, header_row, settings),
        language=(language_tag or marketplace.language).split("_")[0].casefold(),
        header=header,
    )
    layout.product_types = _read_product_types(settings.get("ptds", ""))
    labels = rows.get(int(settings.get("labelRow", header_row - 1)), [])
    bullets: list[tuple[int, int]] = []
    pictures: list[tuple[int, int]] = []
    places = {key: index for index, key in reversed(list(enumerate(keys))) if key}
    for index, key in enumerate(keys):
        if not key:
            continue
        if bullet := NUMBERED_BULLET.fullmatch(key):
            bullets.append((int(bullet[1]), index))
        elif picture := NUMBERED_PICTURE.fullmatch(key):
            pictures.append((int(picture[1]), index))
        elif key in FLAT_FIELDS:
            layout.fields.setdefault(FLAT_FIELDS[key], index)
        elif not key.endswith(UNIT_SUFFIXES):
            layout.attributes.append(_place_attribute(key, index, labels, places))
    if "sku" not in layout.fields:
        raise UnreadableFile(
            _("%(name)s, row %(row)s: no column for the SKU. Export the file again."),
            name=name,
            row=header_row,
        )
    layout.names = {field: header[index] for field, index in layout.fields.items()}
    layout.bullets = [index for _, index in sorted(bullets)]
    layout.pictures = [index for _, index in sorted(pictures)]
    return layout


def _read_product_types(encoded: str) -> dict[str, str]:
    try:
        names = base64.b64decode(encoded, validate=True).decode("ascii").split(",")
    except ValueError:
        return {}
    return {name.replace("_", "").casefold(): name for name in names}


def _place_attribute(key: str, index: int, labels: list[str], places: dict[str, int]) -> AttributeColumns:
    name = option_name(key)
    label = labels[index].strip() if index < len(labels) else ""
    unit = next((places[key + suffix] for suffix in UNIT_SUFFIXES if key + suffix in places), None)
    is_shown = NOT_SHOWN.fullmatch(name) is None and NOT_SHOWN.fullmatch(key) is None
    return AttributeColumns(name, label or name.replace("_", " ").capitalize(), index, unit, is_shown)
