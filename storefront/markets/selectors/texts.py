"""What products, categories and options are called in a language; one query for a page's worth of each.

A text is taken whole: where its name is missing in the language, all of it comes from the fallback, so that no
text ever mixes two languages. What has neither is absent from the answer, and Oscar's own fields speak for it.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.utils.translation import ngettext
from oscar.core.loading import get_model

from storefront.kept_sql import GivenAmong, KeptSql, columns_of, from_row
from storefront.markets.models import CategoryText, OptionText, ProductText


def texts_for(*, products: Iterable, language: str, fallback: str) -> dict[int, ProductText]:
    """Return the text of each product by its key; a variant without one of its own takes its parent's.

    A text in the language comes first, the variant's before its parent's; then the same in the fallback.
    """
    products = list(products)
    ids = {product.pk for product in products} | {
        product.parent_id for product in products if product.parent_id
    }
    rows = _PRODUCT_TEXTS(products=ids, languages={language, fallback})
    found = {(text.product_id, text.language): text for text in (from_row(ProductText, row) for row in rows)}
    texts: dict[int, ProductText] = {}
    for product in products:
        keys = [(key, spoken) for spoken in (language, fallback) for key in (product.pk, product.parent_id)]
        text = next((found[key] for key in keys if key in found), None)
        if text is not None:
            texts[product.pk] = text
    return texts


def _build_product_texts() -> QuerySet:
    texts = ProductText.objects.filter(
        product__in=GivenAmong("products"), language__in=GivenAmong("languages", CharField())
    )
    return texts.exclude(title="").order_by("pk").values_list(*columns_of(ProductText))


_PRODUCT_TEXTS = KeptSql(_build_product_texts)


def category_texts_for(*, categories: Iterable, language: str, fallback: str) -> dict[int, CategoryText]:
    """Return the text of each category by its key."""
    ids = [category.pk for category in categories]
    texts: dict[int, CategoryText] = {}
    for row in _CATEGORY_TEXTS(categories=ids, languages={language, fallback}):
        text = from_row(CategoryText, row)
        if text.language == language or text.category_id not in texts:
            texts[text.category_id] = text
    return texts


def _build_category_texts() -> QuerySet:
    texts = CategoryText.objects.filter(
        category__in=GivenAmong("categories"), language__in=GivenAmong("languages", CharField())
    )
    return texts.exclude(name="").order_by("pk").values_list(*columns_of(CategoryText))


_CATEGORY_TEXTS = KeptSql(_build_category_texts)


def option_texts_for(*, products: Iterable, language: str, fallback: str) -> dict[int, dict[str, OptionText]]:
    """Return each variant's options by its key and their axis.

    A variant that names fewer of its options in the language than in the fallback takes the fallback's.
    """
    ids = [product.pk for product in products]
    found: dict[tuple[int, str], dict[str, OptionText]] = defaultdict(dict)
    for text in OptionText.objects.filter(product_id__in=ids, language__in={language, fallback}).order_by(
        "pk"
    ):
        found[text.product_id, text.language][text.axis] = text
    texts: dict[int, dict[str, OptionText]] = {}
    for product_id in ids:
        spoken, other = found.get((product_id, language), {}), found.get((product_id, fallback), {})
        if spoken or other:
            texts[product_id] = spoken if spoken.keys() >= other.keys() else other
    return texts


def missing_texts(language: str) -> QuerySet:
    """Return the public products, variants aside, that have no title in a language, in the catalogue's order."""
    spoken = ProductText.objects.filter(product=OuterRef("pk"), language=language).exclude(title="")
    products = get_model("catalogue", "Product").objects.filter(is_public=True).exclude(structure="child")
    return products.filter(~Exists(spoken)).order_by("title", "pk")


def describe_missing_texts(*, language_name: str, count: int) -> str:
    """Return the sentence that tells a merchant how many products lack texts in a language."""
    return ngettext(
        "%(count)d product has no text in %(language)s.",
        "%(count)d products have no text in %(language)s.",
        count,
    ) % {"count": count, "language": language_name}
