"""Product classes, attributes, categories and the partner that imported products hang on; few rows, made once.

Batches may be written side by side: who misses something waits for whoever else is making such rows, and looks again.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from oscar.core.loading import get_model

from catalog_import.product_types import category_code, name_axis, name_category, name_product_type

OWN_PARTNER_CODE = "own"
FBA_PARTNER_CODE = "fba"
# Where stock lies; the own warehouse comes first: its record is the one a product is known by.
STOCK_PLACES = {OWN_PARTNER_CODE: "Own warehouse", FBA_PARTNER_CODE: "Amazon FBA"}
DEFAULT_CLASS_SLUG = "product"
_MAKING = 0x7461786F  # names an advisory lock of PostgreSQL
Found = TypeVar("Found")


def class_slug(product_type: str) -> str:
    """Return the slug of the product class that stands for a product type."""
    return product_type.casefold() or DEFAULT_CLASS_SLUG


def ensure_partners(codes: Collection[str]) -> dict[str, int]:
    """Return code -> id of the places where stock lies, made where missing."""
    Partner = get_model("partner", "Partner")
    stored = Partner.objects.filter(code__in=codes).order_by().values_list("code", "id")
    found = _find(lambda: dict(stored.all()), lambda found: found.keys() >= set(codes))
    for code in sorted(set(codes) - found.keys(), key=lambda code: (code != OWN_PARTNER_CODE, code)):
        found[code] = Partner.objects.create(code=code, name=STOCK_PLACES.get(code, code)).pk
    return found


def ensure_classes(product_types: Collection[str], *, home: str) -> dict[str, int]:
    """Return slug -> id of every product class, with those of the given product types made where missing."""
    ProductClass = get_model("catalogue", "ProductClass")
    slugs = {class_slug(product_type) for product_type in product_types}
    stored = ProductClass.objects.values_list("slug", "id")
    found = _find(lambda: dict(stored.all()), lambda found: found.keys() >= slugs)
    for product_type in sorted(product_types):
        slug = class_slug(product_type)
        if slug not in found:
            name = name_product_type(product_type, home) if product_type else "Products"
            product_class = ProductClass(name=name, slug=slug, requires_shipping=True, track_stock=True)
            product_class.save()
            found[slug] = product_class.pk
    return found


def ensure_attributes(
    codes_of_class: Mapping[int, Collection[str]], *, home: str
) -> dict[int, dict[str, int]]:
    """Return class id -> code -> attribute id, with missing text attributes made."""
    ProductAttribute = get_model("catalogue", "ProductAttribute")

    def find() -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = {class_id: {} for class_id in codes_of_class}
        stored = ProductAttribute.objects.filter(product_class_id__in=codes_of_class)
        for class_id, code, key in stored.order_by().values_list("product_class_id", "code", "id"):
            found[class_id][code] = key
        return found

    found = _find(find, lambda found: all(found[key].keys() >= set(codes_of_class[key]) for key in found))
    missing = [
        ProductAttribute(product_class_id=class_id, code=code, name=name_axis(code, home), type="text")
        for class_id, codes in codes_of_class.items()
        for code in sorted(codes)
        if code not in found[class_id]
    ]
    for attribute in ProductAttribute.objects.bulk_create(missing):
        found[attribute.product_class_id][attribute.code] = attribute.pk
    return found


def ensure_categories(
    *, paths: Collection[str], needed: Collection[str], home: str, language: str
) -> dict[str, int]:
    """Return category path -> id of those there are, the `needed` ones made; a path is a product type, or one and a
    keyword joined by '/'.

    Each gets a name in the shop's `home` language and in the one of the files, where it has none. Categories are found
    by their code, so a name the merchant gave them stays.
    """
    Category = get_model("catalogue", "Category")
    needed = {part for path in needed for part in (path.partition("/")[0], path)}
    wanted = sorted({*needed, *paths})  # a product type sorts before what lies under it
    codes = {category_code(path) for path in wanted}
    stored = Category.objects.filter(code__in=codes).values_list("code", "id")
    made = {category_code(path) for path in needed}
    known = _find(lambda: dict(stored.all()), lambda known: known.keys() >= made)
    found: dict[str, int] = {}
    for path in wanted:
        code = category_code(path)
        if code not in known and path in needed:
            parent = found.get(path.partition("/")[0])
            add = Category.objects.get(pk=parent).add_child if parent else Category.add_root
            known[code] = add(name=name_category(path, home), code=code).pk
        if code in known:
            found[path] = known[code]
    _name_categories(found, {home, language})
    return found


def _name_categories(categories: Mapping[str, int], languages: Collection[str]) -> None:
    CategoryText = apps.get_model("markets", "CategoryText")
    stored = CategoryText.objects.filter(category_id__in=categories.values(), language__in=languages)
    pairs = stored.values_list("category_id", "language")
    named = _find(
        lambda: set(pairs.all()), lambda named: len(named) == len(set(categories.values())) * len(languages)
    )
    CategoryText.objects.bulk_create(
        CategoryText(category_id=category_id, language=language, name=name_category(path, language))
        for path, category_id in categories.items()
        for language in sorted(languages)
        if (category_id, language) not in named
    )


def _find(find: Callable[[], Found], is_complete: Callable[[Found], bool]) -> Found:
    """Return what is there; where some is missing, when nobody else makes any until the transaction ends."""
    found = find()
    connection = connections[DEFAULT_DB_ALIAS]
    if is_complete(found) or connection.vendor != "postgresql":
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING])
    return find()
