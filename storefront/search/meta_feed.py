"""An edition's products as the catalogues of Facebook and Instagram read them: the fields of Meta's specification.

It follows developers.facebook.com/docs/marketing-api/catalog/reference: names, lengths, and values with spaces.
"""

from collections.abc import Iterator

from django.conf import settings

from storefront.search.feed_files import cut, money_text
from storefront.search.feeds import FeedItem

MAX_TITLE_LENGTH = 200
MAX_DESCRIPTION_LENGTH = 9999
MAX_BRAND_LENGTH = 100
MAX_OPTION_LENGTH = 100
MAX_PRODUCT_TYPE_LENGTH = 750
MAX_ADDITIONAL_PICTURES = 20
MAX_ADDITIONAL_LENGTH = 2000
_FIELD_OF_OPTION = {
    "color": "g:color",
    "colour": "g:color",
    "size": "g:size",
    "material": "g:material",
    "pattern": "g:pattern",
}


def meta_attributes(item: FeedItem) -> Iterator[tuple[str, str]]:
    """Yield names and texts; nothing for what has no picture, which Meta refuses.

    One of brand, GTIN and part number has to be there: what is known by none of them goes by the shop's name.
    """
    if not item.pictures:
        return iter(())
    is_known = item.brand or item.gtin or item.part_number
    known = [
        ("g:id", item.sku),
        ("g:title", cut(item.title, MAX_TITLE_LENGTH)),
        ("g:description", cut(item.description, MAX_DESCRIPTION_LENGTH)),
        ("g:availability", "in stock" if item.is_available else "out of stock"),
        ("g:condition", "new"),
        ("g:price", money_text(item.price, item.currency)),
        ("g:sale_price", "" if item.sale_price is None else money_text(item.sale_price, item.currency)),
        ("g:link", item.url),
        ("g:image_link", item.pictures[0]),
        ("g:additional_image_link", _join_pictures(item.pictures[1:])),
        ("g:brand", cut(item.brand if is_known else settings.SHOP_NAME, MAX_BRAND_LENGTH)),
        ("g:gtin", item.gtin),
        ("g:mpn", item.part_number),
        ("g:item_group_id", item.group),
        ("g:product_type", cut(" > ".join(item.categories), MAX_PRODUCT_TYPE_LENGTH)),
        *_options(item),
    ]
    return ((name, text) for name, text in known if text)


def _join_pictures(addresses: tuple[str, ...]) -> str:
    """Return as many addresses as the field takes, separated by commas."""
    joined = ""
    for address in addresses[:MAX_ADDITIONAL_PICTURES]:
        longer = f"{joined},{address}" if joined else address
        if len(longer) > MAX_ADDITIONAL_LENGTH:
            break
        joined = longer
    return joined


def _options(item: FeedItem) -> Iterator[tuple[str, str]]:
    fields = {name: value for code, value in item.options.items() if (name := _FIELD_OF_OPTION.get(code))}
    return ((name, cut(value, MAX_OPTION_LENGTH)) for name, value in fields.items())
