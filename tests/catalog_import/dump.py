"""The whole catalogue as plain values sorted by SKU, without keys and moments, to compare two shops."""

from django.apps import apps
from oscar.core.loading import get_model

from catalog_import.models import AmazonListing


def dump_catalogue():
    """Return SKU -> everything a shopper can tell of the product: texts, prices, options, stock, place, pictures."""
    products = get_model("catalogue", "Product").objects.select_related("parent", "product_class")
    products = products.prefetch_related(
        "stockrecords", "texts", "option_texts", "market_prices__market", "categories__texts", "images",
        "attribute_values__attribute", "amazon_listings",
    )  # fmt: skip
    sku_of = {}
    for product_id, sku in AmazonListing.objects.order_by("-sku").values_list("product_id", "sku"):
        sku_of[product_id] = sku
    return dict(sorted((sku_of[product.pk], _dump(product, sku_of)) for product in products))


def _dump(product, sku_of):
    return {
        "structure": product.structure,
        "parent": sku_of.get(product.parent_id),
        "class": product.product_class and (product.product_class.slug, product.product_class.name),
        "title": product.title,
        "slug": product.slug,
        "description": product.description,
        "upc": product.upc,
        "is_public": product.is_public,
        "stock": [
            (each.partner_sku, each.price, each.price_currency, each.num_in_stock)
            for each in sorted(product.stockrecords.all(), key=lambda record: record.pk)
        ],
        "attributes": sorted(
            (each.attribute.code, each.attribute.name, each.value_text)
            for each in product.attribute_values.all()
        ),
        "texts": {
            each.language: (each.title, each.description, each.bullet_points, each.specifications)
            for each in product.texts.all()
        },
        "options": sorted(
            (each.language, each.axis, each.label, each.value) for each in product.option_texts.all()
        ),
        "prices": sorted(
            (
                (each.market.code, each.is_temporary, each.amount, each.list_price, each.valid_until)
                for each in product.market_prices.all()
            ),
            key=lambda price: (*price[:3], str(price[4])),
        ),
        "categories": [
            (each.code, each.slug, each.name, {text.language: text.name for text in each.texts.all()})
            for each in product.categories.all()
        ],
        "pictures": [each.original.name for each in product.images.all()],
        "listings": sorted(
            (each.marketplace, each.sku, each.is_primary, each.asin) for each in product.amazon_listings.all()
        ),
    }


def dump_history():
    """Return every row of the price history: (SKU, market, amount, reduced), sorted."""
    changes = apps.get_model("markets", "PriceChange").objects.order_by("pk")
    fields = ("product__stockrecords__partner_sku", "market__code", "amount", "is_reduction")
    return sorted(changes.filter(product__stockrecords__partner__code="own").values_list(*fields))
