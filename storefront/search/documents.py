"""What is indexed of a batch of products: their words in each language, what to filter by, prices by market."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from oscar.core.loading import get_model

from storefront.markets.models import Market, ProductText
from storefront.markets.selectors.texts import option_texts_for, texts_for
from storefront.markets.selectors.titles import fallback_of
from storefront.search.cards import read_families
from storefront.search.language import fold, split_words, to_terms
from storefront.search.models import SearchDocument, SearchFacet, SearchListing
from storefront.search.shopper import Shopper

BRAND = "brand"
_WORD_LENGTH_MAX = 40


@dataclass
class IndexRows:
    """The rows of a batch, ready to be written."""

    documents: list[SearchDocument] = field(default_factory=list)
    facets: list[SearchFacet] = field(default_factory=list)
    listings: list[SearchListing] = field(default_factory=list)
    words: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class _Batch:
    """Public products with their public variants and what both have on attributes and codes."""

    roots: list[Any]
    variants: dict[int, list[Any]]
    attributes: dict[int, list[tuple[str, str, str]]]
    codes: dict[int, list[str]]


def build_rows(
    ids: Sequence[int], *, languages: Iterable[str], markets: Sequence[Market], now: datetime
) -> IndexRows:
    """Return the rows of those of these products that can be browsed; a constant number of queries."""
    batch = _read_batch(ids)
    rows = IndexRows()
    for language in languages:
        _add_words(rows, batch, language)
    for market in [None, *markets]:  # the back office looks from no market
        _add_listings(rows, batch, market, now)
    return rows


def _read_batch(ids: Sequence[int]) -> _Batch:
    Product = get_model("catalogue", "Product")
    roots = list(Product.objects.browsable().filter(pk__in=ids).order_by("title", "pk"))
    variants: defaultdict[int, list[Any]] = defaultdict(list)
    for variant in Product.objects.filter(parent__in=roots, is_public=True).order_by("pk"):
        variants[variant.parent_id].append(variant)
    members = [product.pk for product in [*roots, *(child for group in variants.values() for child in group)]]
    values = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product__in=members, attribute__type__in=["text", "option"])
        .annotate(code=F("attribute__code"), name=F("attribute__name"), option=F("value_option__option"))
        .order_by("attribute__code", "pk")
        .values_list("product", "code", "name", "value_text", "option")
    )
    attributes: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for product_id, code, name, text, option in values:
        if text or option:
            attributes[product_id].append((code, name, text or option))
    codes: defaultdict[int, list[str]] = defaultdict(list)
    records = get_model("partner", "StockRecord").objects.filter(product__in=members).order_by("pk")
    for product_id, sku in records.values_list("product", "partner_sku"):
        codes[product_id].append(sku)
    return _Batch(roots=roots, variants=variants, attributes=attributes, codes=codes)


def _add_words(rows: IndexRows, batch: _Batch, language: str) -> None:
    everyone = [*batch.roots, *(child for group in batch.variants.values() for child in group)]
    fallback = fallback_of(language)
    texts = texts_for(products=everyone, language=language, fallback=fallback)
    if settings.LANGUAGE_CODE in (
        language,
        fallback,
    ):  # there, Oscar's own title may speak for one that is missing
        untitled = ProductText.objects.filter(
            product__in=everyone, language=settings.LANGUAGE_CODE, title=""
        ).order_by("pk")
        texts = {text.product_id: text for text in untitled} | texts
    options = option_texts_for(products=everyone, language=language, fallback=fallback)
    for root in batch.roots:
        members = [root, *batch.variants.get(root.pk, [])]
        titles, said, codes = [], [], []
        for member in members:
            text = texts.get(member.pk)
            titles.append((text and text.title) or member.title or "")
            if text:
                said += [*map(str, text.bullet_points), *(str(pair[-1]) for pair in text.specifications)]
            codes += [*batch.codes.get(member.pk, []), member.upc or ""]
        facets = _find_facets(members, batch, options)
        said += [value for _axis, _label, value in facets]
        shown = titles[0]
        rows.facets += [
            SearchFacet(product_id=root.pk, language=language, axis=axis, label=label, value=value)
            for axis, label, value in facets
        ]
        rows.documents.append(
            SearchDocument(
                product_id=root.pk,
                language=language,
                title=shown,
                title_terms=to_terms([shown], language),
                text_terms=to_terms(dict.fromkeys([*titles, *said]), language),
                code_terms=to_terms(dict.fromkeys(codes), language),
            )
        )
        words = (fold(word) for line in {shown, *titles, *said} for word in split_words(line))
        rows.words.update((language, word) for word in words if 2 < len(word) <= _WORD_LENGTH_MAX)


def _find_facets(members: Sequence, batch: _Batch, options: dict) -> list[tuple[str, str, str]]:
    """Return axis, label and value of each option of the variants and of the brand, each value once."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for member in members:
        spoken = options.get(member.pk, {})
        for code, name, value in batch.attributes.get(member.pk, []):
            if code != BRAND and not member.parent_id:
                continue
            text = spoken.get(code)
            label, value = (text.label, text.value) if text else (name, value)
            found.setdefault((code, value), (code, label[:128], value[:255]))
        for axis, text in spoken.items():
            found.setdefault((axis, text.value), (axis, text.label, text.value))
    return list(found.values())


def _add_listings(rows: IndexRows, batch: _Batch, market: Market | None, now: datetime) -> None:
    shopper = Shopper(
        market=market, language=settings.LANGUAGE_CODE, fallback=settings.LANGUAGE_CODE, now=now
    )
    families = read_families([root.pk for root in batch.roots], shopper)
    for root in batch.roots:
        family = families[root.pk]
        if market is not None and not family.offers:
            continue
        cheapest = family.cheapest
        rows.listings.append(
            SearchListing(
                product_id=root.pk,
                market=market,
                price=cheapest.price if cheapest else None,
                is_available=bool(family.buyable),
                rating=root.rating,
            )
        )
