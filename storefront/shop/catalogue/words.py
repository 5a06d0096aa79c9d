"""What a product page says about a product and its options, in one language throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.html import strip_tags
from oscar.core.loading import get_model

from storefront.search.documents import BRAND
from storefront.search.shopper import Shopper

_SUMMARY_LENGTH = 160


@dataclass(frozen=True)
class Texts:
    """The words of the page in the shopper's language, else in the shop's own."""

    title: str
    description: str
    bullet_points: tuple[str, ...]
    specifications: tuple[tuple[str, str], ...]

    @property
    def summary(self) -> str:
        """Return the sentence search engines show."""
        words = " ".join(strip_tags(self.description).split()) or ". ".join(self.bullet_points)
        if len(words) <= _SUMMARY_LENGTH:
            return words
        return words[: _SUMMARY_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def read_texts(*, family, chosen, shopper: Shopper) -> Texts:
    """Return the variant's own words before its family's, all in the first language that has any; one query."""
    rows = get_model("markets", "ProductText").objects.filter(
        product__in={family.pk, chosen.pk}, language__in={shopper.language, shopper.fallback}
    )
    found = {(text.language, text.product_id): text for text in rows.order_by("id")}
    for language in dict.fromkeys([shopper.language, shopper.fallback]):
        is_own = language == settings.LANGUAGE_CODE
        texts = [
            found[language, pk]
            for pk in dict.fromkeys([chosen.pk, family.pk])
            if (language, pk) in found and (found[language, pk].title or is_own)
        ]
        if texts:
            return _join(texts, family=family, chosen=chosen, is_own=is_own)
    return _join([], family=family, chosen=chosen, is_own=True)


@dataclass(frozen=True)
class Options:
    """Option values by variant and axis code: as shoppers read them, and as Oscar has them; names of axes by code.

    `brand` is the family's, else the first one a variant has.
    """

    shown: dict[int, dict[str, str]]
    own: dict[int, dict[str, str]]
    axes: dict[str, str]
    brand: str = ""


def read_options(root: Any, variants: Sequence[Any], shopper: Shopper) -> Options:
    """Return the options of a family's variants in the shopper's language; one query.

    A variant that names fewer of its options in the language than in the fallback takes the fallback's.
    """
    rows = list(_read_options([root, *variants], shopper))
    brands = {row["product"]: row["value_text"] or row["option"] for row in rows if row["code"] == BRAND}
    rows = [row for row in rows if row["product"] != root.pk]
    named: dict[str, dict[int, set[str]]] = {"spoken": {}, "other": {}}
    for row in rows:
        for words in named:
            if row[f"{words}_value"]:
                named[words].setdefault(row["product"], set()).add(row["code"])
    shown: dict[int, dict[str, str]] = {variant.pk: {} for variant in variants}
    own: dict[int, dict[str, str]] = {variant.pk: {} for variant in variants}
    axes: dict[str, str] = {}
    for row in rows:
        key, code, plain = row["product"], row["code"], row["value_text"] or row["option"]
        is_whole = named["spoken"].get(key, set()) >= named["other"].get(key, set())
        words = "spoken" if is_whole else "other"
        if value := row[f"{words}_value"] or plain:
            shown[key][code] = value
            own[key][code] = plain or value
            axes.setdefault(code, row[f"{words}_label"] or row["name"])
    brand = brands.get(root.pk) or next(filter(None, brands.values()), "")
    return Options(shown, own, axes, brand)


def _read_options(products: Sequence[Any], shopper: Shopper) -> QuerySet:
    """Return a row for each option, with what it is called in the shopper's language and in the fallback."""
    texts = get_model("markets", "OptionText").objects.filter(
        product=OuterRef("product"), axis=OuterRef("attribute__code")
    )
    spoken = texts.filter(language=shopper.language)
    other = texts.filter(language=shopper.fallback)
    return (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(
            product__in=[product.pk for product in products], attribute__type__in=["text", "option"]
        )
        .annotate(
            code=F("attribute__code"),
            name=F("attribute__name"),
            option=F("value_option__option"),
            spoken_value=Subquery(spoken.values("value")[:1]),
            spoken_label=Subquery(spoken.values("label")[:1]),
            other_value=Subquery(other.values("value")[:1]),
            other_label=Subquery(other.values("label")[:1]),
        )
        .order_by("attribute_id", "id")
        .values(
            "product",
            "code",
            "name",
            "option",
            "value_text",
            "spoken_value",
            "spoken_label",
            "other_value",
            "other_label",
        )
    )


def _join(texts: Sequence[Any], *, family, chosen, is_own: bool) -> Texts:
    """Return the words of texts in one language, the variant's first; Oscar's fields too where it is theirs."""
    titles = [text.title for text in texts if text.product_id == family.pk]
    descriptions = [text.description for text in texts]
    if is_own:
        titles += [family.title, chosen.title]
        descriptions += [chosen.description, family.description]
    titles += [text.title for text in texts]
    specifications: dict[str, str] = {}
    for text in texts:
        for label, value in text.specifications:
            specifications.setdefault(label, value)
    return Texts(
        title=next(filter(None, titles), ""),
        description=next(filter(None, descriptions), ""),
        bullet_points=tuple(next(filter(None, (text.bullet_points for text in texts)), ())),
        specifications=tuple(specifications.items()),
    )
