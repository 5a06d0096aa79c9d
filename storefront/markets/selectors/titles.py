"""What one line of a basket or an order is called, in the shopper's language; the same queries for any number."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import OuterRef, Subquery
from oscar.core.loading import get_model

from storefront.markets.models import OptionText
from storefront.markets.selectors.texts import texts_for


def fallback_of(language: str) -> str:
    """Return the language without its region where it is one of the site's, else the site's first."""
    base, _, region = language.partition("-")
    return base if region and base in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def options_for(*, products: Iterable, language: str) -> dict[int, list[str]]:
    """Return the option values of each variant, such as ["Schwarz", "1 m"], by its key; one query.

    As in `option_texts_for`, the options of a variant never mix the language with its fallback.
    """
    texts = OptionText.objects.filter(product=OuterRef("product"), axis=OuterRef("attribute__code"))
    rows = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(
            product__in=[product.pk for product in products], attribute__type__in=["text", "option"]
        )
        .annotate(
            spoken=Subquery(texts.filter(language=language).values("value")),
            other=Subquery(texts.filter(language=fallback_of(language)).values("value")),
        )
        .order_by("attribute__code", "id")
        .values_list("product", "spoken", "other", "value_text", "value_option__option")
    )
    found: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for product_id, spoken, other, text, option in rows:
        found[product_id].append((spoken, other, text or option))
    options: dict[int, list[str]] = {}
    for product_id, values in found.items():
        is_whole = all(spoken for spoken, other, _own in values if other)
        words = [(spoken if is_whole else other) or own for spoken, other, own in values]
        options[product_id] = [word for word in words if word]
    return options


def titles_for(*, products: Iterable, language: str) -> dict[int, str]:
    """Return the full title of each product by its key: a variant's tells it from its siblings.

    The variant's own text comes first. Where only its family has one, the variant's options follow the family's
    title. What has no text is called what Oscar calls it. One query, with options two.
    """
    products = list(products)
    texts = texts_for(products=products, language=language, fallback=fallback_of(language))
    titles: dict[int, str] = {}
    of_family = []
    for product in products:
        text = texts.get(product.pk)
        if text is not None and text.product_id == product.pk:
            titles[product.pk] = text.title
        elif text is None or (text.language == settings.LANGUAGE_CODE and product.title):
            titles[product.pk] = product.get_title()
        else:
            titles[product.pk] = text.title
            of_family.append(product)
    options = options_for(products=of_family, language=language) if of_family else {}
    return titles | {key: ", ".join([titles[key], *values]) for key, values in options.items()}
