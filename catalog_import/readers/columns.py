"""Every alias of every column, by language and generation: one table."""

import re
from functools import lru_cache

# All Listings Report: our field -> headers in English, British, German, French, Italian, Spanish, Japanese, Chinese.
# Headers follow the language of the seller's account, not the marketplace: a UK file may have Chinese headers.
_REPORT_ALIASES = {
    "title": "item-name|Artikelbezeichnung|nom-produit|Nome dell'articolo|Título del producto|商品名|商品名称",
    "description": "item-description|Artikelbeschreibung|description-article|Descrizione dell'articolo|"
    "Descripción del producto|商品の説明|商品描述",
    "sku": "seller-sku|Händler-SKU|H?ndler-SKU|HÃ¤ndler-SKU|sku-vendeur|SKU venditore|SKU del vendedor|出品者SKU|"
    "卖家 SKU|SKU",
    "price": "price|Preis|prix|Prezzo|Precio|価格|价格",
    "quantity": "quantity|Menge|quantité|Quantità|Cantidad|数量",
    "item_condition": "item-condition|Artikelzustand|état-produit|Condizione dell'articolo|Estado del producto|"
    "コンディション|商品状况",
    "asin": "asin1|ASIN 1|ASIN",
    "product_id_type": "product-id-type|Produkt-ID-Typ|type-id-produit|Tipo di identificativo del prodotto|"
    "Tipo de identificador de producto|商品IDタイプ|商品编码类型",
    "product_id": "product-id|Produkt-ID|id-produit|Identificativo del prodotto|Identificador del producto|商品ID|"
    "商品编码",
    "opened_at": "open-date|Erstellungsdatum|date-ouverture|Data di creazione|Fecha de creación|出品日|开售日期",
    "fulfilment_channel": "fulfillment-channel|fulfilment-channel|Versender|canal-traitement|Canale di gestione|"
    "Canal de gestión logística|フルフィルメント・チャンネル|配送渠道",
    "status": "status|état|stato|estado|ステータス|状态",
}

# FBA inventory (GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA) always has English headers.
_INVENTORY_ALIASES = {
    "sku": "sku",
    "fnsku": "fnsku",
    "asin": "asin",
    "title": "product-name",
    "sellable_quantity": "afn-fulfillable-quantity",
}

# Category Listings Report (2025): attribute -> our field. Keys that say nothing about marketplace and language.
CATEGORY_KEYS = {
    "::record_action": "record_action",
    "::listing_status": "status",
    "::title": "listing_title",
    "contribution_sku": "sku",
    "product_type": "product_type",
    "item_name": "title",
    "brand": "brand",
    "amzn1.volt.ca.product_id_type": "amazon_id_type",
    "amzn1.volt.ca.product_id_value": "amazon_id",
    "merchant_suggested_asin": "asin",
    "externally_assigned_product_identifier": "product_id",
    "item_type_keyword": "item_type_keyword",
    "product_description": "description",
    "bullet_point": "bullet_points",
    "parentage_level": "role",
    "child_parent_sku_relationship": "parent_sku",
    "variation_theme": "variation_theme",
    "condition_type": "item_condition",
    "fulfillment_availability": "quantity",
    "purchasable_offer": "price",
    "main_product_image_locator": "main_picture",
    "swatch_product_image_locator": "swatch_picture",
}

# Attributes that are no specification a shopper reads: identity, logistics, search, compliance.
NOT_A_SPECIFICATION = re.compile(
    r"::|amzn1\.|item_package|package_|generic_keyword|recommended_browse_nodes|list_price|merchant_shipping_group|"
    r"gpsr_|dsa_|compliance_|supplier_declared|batteries_|.*_image_locator"
)

STATUS_WORDS = {
    "active": "active|aktiv|actif|attivo|activo|出品中|アクティブ|在售|actief|aktywne|etkin|ativo",
    "inactive": "inactive|inaktiv|inactif|inattivo|non attivo|inactivo|停止中|非アクティブ|不可售|"
    "inactief|nieaktywne|inativo",
    "incomplete": "incomplete|unvollständig|incomplet|incompleto|不完全|不完整|onvolledig|niekompletne",
}
ROLE_WORDS = {
    "parent": "parent|übergeordnet|übergeordnetes produkt|principal|padre|parentale|親|父商品|父|ouder|nadrzędny",
    "child": "child|untergeordnet|untergeordnetes produkt|enfant|hijo|figlio|secondario|子|子商品|kind|podrzędny",
}
DELETE_WORDS = frozenset(
    ["delete", "löschen", "supprimer", "elimina", "eliminar", "削除", "删除", "verwijderen", "usuń", "sil"]
)
NEW_CONDITIONS = frozenset(
    ["11", "new", "new_new", "new, new", "neu", "neuf", "nuovo", "nuevo", "新品", "全新"]
)


@lru_cache(maxsize=4096)
def normalise_header(header: str) -> str:
    """Return a header in the form the tables compare: case, hyphens and spaces do not matter."""
    return re.sub(r"[\s\-]+", " ", header.strip().strip('"')).strip().casefold()


def _invert(table: dict[str, str]) -> dict[str, str]:
    return {normalise_header(alias): name for name, aliases in table.items() for alias in aliases.split("|")}


REPORT_FIELDS = _invert(_REPORT_ALIASES)
INVENTORY_FIELDS = _invert(_INVENTORY_ALIASES)
STATUS_BY_WORD = _invert(STATUS_WORDS)
ROLE_BY_WORD = _invert(ROLE_WORDS)


def locate_columns(header: list[str], fields: dict[str, str]) -> dict[str, int]:
    """Return our field -> column index, by name; of two columns with one name the first counts."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        name = fields.get(normalise_header(cell))
        if name is not None:
            found.setdefault(name, index)
    return found
