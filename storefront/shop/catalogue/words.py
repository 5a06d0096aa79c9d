"""What a product page says about a product and its options, in one language throughout."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from oscar.core.loading import get_model

from storefront.kept_sql import Given, GivenAmong, KeptSql
from storefront.search.documents import BRAND
from storefront.search.plain_text import plain_text, shorten
from storefront.search.shopper import Shopper

_HEADLINE = range(20, 81)  # signs: less says nothing, more is four lines on a phone
_ENDS_OF_A_HEADLINE = re.compile(r",? [-–—|•/(]|[,;:] |[|–—]")


class Headline(NamedTuple):
    """A title: what is read first, and what comes after."""

    first: str
    rest: str = ""


@dataclass(frozen=True)
class Texts:
    """The words of the page in the shopper's language, else in the shop's own."""

    title: str
    description: str
    bullet_points: tuple[str, ...]
    specifications: tuple[tuple[str, str], ...]

    @cached_property
    def headline(self) -> Headline:
        """Return the title in two parts, where it is a long one: Amazon's are of up to 200 signs."""
        if len(self.title) < _HEADLINE.stop:
            return Headline(self.title)
        ends = [found.start() for found in _ENDS_OF_A_HEADLINE.finditer(self.title)]
        end = max((end for end in ends if end in _HEADLINE), default=None)
        if end is None:
            end = self.title.rfind(" ", 0, _HEADLINE.stop)
        if end < _HEADLINE.start:
            return Headline(self.title)
        return Headline(self.title[:end], self.title[end:].lstrip(" ,;:-–—|•/"))

    @cached_property
    def summary(self) -> str:
        """Return the sentence search engines show."""
        return shorten(plain_text(self.description) or ". ".join(self.bullet_points))


class _Text(NamedTuple):
    language: str
    product_id: int
    title: str
    description: str
    bullet_points: list[str]
    specifications: list[tuple[str, str]]


def _build_texts() -> QuerySet:
    texts = get_model("markets", "ProductText").objects.filter(
        product__in=GivenAmong("products"), language__in=GivenAmong("languages", CharField())
    )
    return texts.order_by("id").values_list(*_Text._fields)


_TEXTS = KeptSql(_build_texts)


def read_texts(*, family, chosen, shopper: Shopper) -> Texts:
    """Return the variant's own words before its family's, all in the first language that has any; one query."""
    rows = _TEXTS(products={family.pk, chosen.pk}, languages={shopper.language, shopper.fallback})
    found = {(text.language, text.product_id): text for text in map(_Text._make, rows)}
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
    products = [product.pk for product in (root, *variants)]
    given = {"products": products, "language": shopper.language, "fallback": shopper.fallback}
    rows = [_Option(*row) for row in _OPTIONS(shopper.language != shopper.fallback, **given)]
    brands = {row.product: row.plain for row in rows if row.code == BRAND}
    rows = [row for row in rows if row.product != root.pk]
    spoken: defaultdict[int, set[str]] = defaultdict(set)
    other: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.spoken_value:
            spoken[row.product].add(row.code)
        if row.other_value:
            other[row.product].add(row.code)
    shown: dict[int, dict[str, str]] = {variant.pk: {} for variant in variants}
    own: dict[int, dict[str, str]] = {variant.pk: {} for variant in variants}
    axes: dict[str, str] = {}
    for row in rows:
        is_whole = spoken[row.product] >= other[row.product]
        value, label = (
            (row.spoken_value, row.spoken_label) if is_whole else (row.other_value, row.other_label)
        )
        if value := value or row.plain:
            shown[row.product][row.code] = value
            own[row.product][row.code] = row.plain or value
            axes.setdefault(row.code, label or row.name)
    brand = brands.get(root.pk) or next(filter(None, brands.values()), "")
    return Options(shown, own, axes, brand)


class _Option(NamedTuple):
    product: int
    code: str
    name: str
    option: str | None
    value_text: str | None
    spoken_value: str | None
    spoken_label: str | None
    other_value: str | None
    other_label: str | None

    @property
    def plain(self) -> str | None:
        return self.value_text or self.option


def _build_options(has_fallback: bool) -> QuerySet:
    """Return a row for each option, with what it is called in the shopper's language and in the fallback."""
    texts = get_model("markets", "OptionText").objects.filter(
        product=OuterRef("product"), axis=OuterRef("attribute__code")
    )
    spoken = texts.filter(language=Given("language", CharField()))
    other = texts.filter(language=Given("fallback", CharField()))
    if not has_fallback:
        other = texts.none()
    return (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product__in=GivenAmong("products"), attribute__type__in=["text", "option"])
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
        .values_list(*_Option._fields)
    )


_OPTIONS = KeptSql(_build_options)


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
