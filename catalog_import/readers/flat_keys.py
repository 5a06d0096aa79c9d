"""Keys of inventory file templates before 2025 (generations 1 to 3): which of them is which field."""

import re
from functools import lru_cache

# Our field -> keys as normalised: generation 1 wrote StandardProductID or standard-product-id, 2 and 3 item_sku.
_ALIASES = {
    "sku": "item_sku|sku",
    "title": "item_name|title|product_name",
    "product_type": "feed_product_type|product_type",
    "record_action": "update_delete",
    "brand": "brand_name|brand",
    "product_id": "external_product_id|standard_product_id|product_id",
    "product_id_type": "external_product_id_type|standard_product_id_type|product_id_type",
    "description": "product_description|description",
    "price": "standard_price|our_price|item_price|price",
    "sale_price": "sale_price",
    "sale_starts": "sale_from_date|sale_start_date",
    "sale_ends": "sale_end_date|sale_through_date",
    "currency": "currency|currency_code",
    "quantity": "quantity",
    "main_picture": "main_image_url",
    "swatch_picture": "swatch_image_url",
    "role": "parent_child|parentage",
    "parent_sku": "parent_sku",
    "variation_theme": "variation_theme",
    "item_condition": "condition_type|item_condition",
    "item_type_keyword": "item_type",
    "fulfilment_channel": "fulfillment_center_id|fulfilment_center_id",
}
FLAT_FIELDS = {key: name for name, keys in _ALIASES.items() for key in keys.split("|")}

NUMBERED_BULLET = re.compile(r"(?:bullet_point|key_product_features|feature)_?(\d+)")
NUMBERED_PICTURE = re.compile(r"other_image_url_?(\d+)")
UNIT_SUFFIXES = ("_unit_of_measure", "_unit")
_OPTION_KEYS = {"colour": "color", "colour_name": "color"}

# Keys that say nothing to a shopper: search, logistics, dates, taxes, offers.
NOT_SHOWN = re.compile(
    r"generic_keywords?\d*|search_terms?\d*|recommended_browse_nodes?\d*|browse_node.*|list_price.*|.*_image_url\d*|"
    r"merchant_.*|.*tax.*|package_.*|item_package_.*|.*_date|relationship_type|condition_note|part_number|model|"
    r"manufacturer_part_number|mfr_part_number|color_map|size_map|.*_map|color|size|style|max_.*|"
    r"fulfillment_latency|restock_.*|map_price|minimum_.*|platinum_keywords\d*|catalog_number|specific_uses.*|"
    r"target_audience.*|intended_use.*|item_type_name|are_batteries_included|batteries_required|gtin_exemption_reason|"
    r"website_.*|missing_keyset_reason|offering_.*|registered_parameter|is_.*|prop_65|cpsia_.*|legal_.*|"
    r"product_exemption_reason|delivery_.*|number_of_lithium.*|lithium_.*|supplier_declared.*|ghs_.*|eu_.*|.*_url\d*"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TELLING = frozenset(
    ["item_sku", "standard_product_id", "external_product_id", "feed_product_type", "parent_sku", "main_image_url",
     "bullet_point1", "bullet_point_1", "variation_theme", "relationship_type", "product_id_type", "other_image_url1"]
)  # fmt: skip
FLAT_KEYS_NEEDED = 4


@lru_cache(maxsize=8192)
def normalise_key(cell: str) -> str:
    """Return a key in one spelling, `StandardProductID` as `standard_product_id`; empty where it is no key."""
    key = _CAMEL.sub("_", cell.strip().replace("-", "_")).lower()
    return key if _KEY.fullmatch(key) else ""


@lru_cache(maxsize=8192)
def option_name(key: str) -> str:
    """Return the attribute a key is about: `color_name` and `color` are one."""
    return _OPTION_KEYS.get(key) or key.removesuffix("_name")


def is_flat_header(cells: list[str]) -> bool:
    """Return whether a row holds the keys of a template: an SKU, a telling key, and others side by side."""
    keys = {normalise_key(cell) for cell in cells}
    known = {FLAT_FIELDS[key] for key in keys if key in FLAT_FIELDS}
    known |= {key for key in keys if NUMBERED_BULLET.fullmatch(key) or NUMBERED_PICTURE.fullmatch(key)}
    return "sku" in known and len(known) >= FLAT_KEYS_NEEDED and bool(keys & _TELLING)
