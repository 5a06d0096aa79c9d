"""What a product page says about a product and its options, in one language throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from oscar.core.loading import get_model

from storefront.markets.selectors.texts import option_texts_for
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
    """Option values by variant and axis code: as shoppers read them, and as Oscar has them; names of axes by code."""

    shown: dict[int, dict[str, str]]
    own: dict[int, dict[str, str]]
    axes: dict[str, str]


def read_options(variants: Sequence[Any], shopper: Shopper) -> Options:
    """Return the options of variants in the shopper's language; two queries."""
    rows = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(
            product__in=[variant.pk for variant in variants], attribute__type__in=["text", "option"]
        )
        .order_by("attribute_id", "id")
        .values_list("product", "attribute__code", "attribute__name", "value_text", "value_option__option")
    )
    spoken = option_texts_for(products=variants, language=shopper.language, fallback=shopper.fallback)
    shown: dict[int, dict[str, str]] = {variant.pk: {} for variant in variants}
    own: dict[int, dict[str, str]] = {variant.pk: {} for variant in variants}
    axes: dict[str, str] = {}
    for product_id, code, name, text, option in rows:
        word = spoken.get(product_id, {}).get(code)
        if value := (word.value if word else "") or text or option:
            shown[product_id][code] = value
            own[product_id][code] = text or option or value
            axes.setdefault(code, (word.label if word else "") or name)
    return Options(shown, own, axes)


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
