"""An edition's products as Google Merchant Center reads them: RSS 2.0 with the attributes of its namespace g.

It follows Google's published product data specification (support.google.com/merchants/answer/7052112): the names,
the lengths and the values of the attributes are from there.
"""

from collections.abc import Iterator

from storefront.search.feed_files import cut, money_text
from storefront.search.feeds import FeedItem

MAX_TITLE_LENGTH = 150
MAX_DESCRIPTION_LENGTH = 5000
MAX_OPTION_LENGTH = 100
MAX_PRODUCT_TYPE_LENGTH = 750
MAX_ADDITIONAL_PICTURES = 10
_ATTRIBUTE_OF_OPTION = {
    "color": "g:color",
    "colour": "g:color",
    "size": "g:size",
    "material": "g:material",
    "pattern": "g:pattern",
}


def google_attributes(item: FeedItem) -> Iterator[tuple[str, str]]:
    """Yield names and texts in the specification's order; what is not known is left out."""
    main_picture, *more_pictures = item.pictures or ("",)
    known = [
        ("g:id", item.sku),
        ("title", cut(item.title, MAX_TITLE_LENGTH)),
        ("description", cut(item.description, MAX_DESCRIPTION_LENGTH)),
        ("link", item.url),
        ("g:image_link", main_picture),
        *(("g:additional_image_link", picture) for picture in more_pictures[:MAX_ADDITIONAL_PICTURES]),
        ("g:availability", "in_stock" if item.is_available else "out_of_stock"),
        ("g:price", money_text(item.price, item.currency)),
        ("g:sale_price", "" if item.sale_price is None else money_text(item.sale_price, item.currency)),
        ("g:product_type", cut(" > ".join(item.categories), MAX_PRODUCT_TYPE_LENGTH)),
        ("g:brand", item.brand),
        ("g:gtin", item.gtin),
        ("g:mpn", item.part_number),
        ("g:identifier_exists", "" if item.gtin or item.part_number else "no"),
        ("g:condition", "new"),
        *_options(item),
        ("g:item_group_id", item.group),
    ]
    return ((name, text) for name, text in known if text)


def _options(item: FeedItem) -> Iterator[tuple[str, str]]:
    options = {
        name: value for code, value in item.options.items() if (name := _ATTRIBUTE_OF_OPTION.get(code))
    }
    return ((name, cut(value, MAX_OPTION_LENGTH)) for name, value in options.items())
