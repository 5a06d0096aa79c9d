"""Which products a search means: codes exactly, else every word or what it may have meant."""

from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db.models import CharField, QuerySet
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from storefront.kept_sql import Given, GivenAmong, KeptSql
from storefront.page_cache.change_log import fresh_key
from storefront.search.backends import get_backend
from storefront.search.language import count_mistakes, fold, mistakes_allowed, split_words, stems_of
from storefront.search.models import SearchWord, Synonym

WORDS_READ = 8
FOUND_MAX = 1000  # nobody pages further; what is filtered and counted stays small
FOUND_KEPT_SECONDS = 60
_COMPLETIONS = 40
_SHORTEST_PART = 3  # letters: "kabel" finds "Ladekabel", "ab" does not


@dataclass(frozen=True)
class Found:
    """The products, the best first; `corrected` is the query with the words that were looked for instead."""

    ids: list[int]
    corrected: str = ""


def find_products(query: str, *, language: str, most: int = FOUND_MAX) -> Found:
    """Return what a query finds: products with it as their code, then at `most` so many with every word of it."""
    by_code = find_by_code(query)
    words = split_words(query)[:WORDS_READ]
    if not words:
        return Found(by_code)
    groups, shown = [], []
    for word in words:
        stems, meant = _stems_for(word, language)
        groups.append(stems)
        shown.append(meant)
    by_words = _find_by_words(groups, language, most)
    ids = list(dict.fromkeys([*by_code, *by_words]))
    is_corrected = by_words and not by_code and shown != words
    return Found(ids, corrected=" ".join(shown) if is_corrected else "")


def _find_by_words(groups: list[list[str]], language: str, most: int) -> list[int]:
    """Return what the index has of these stems, the best first, kept until another index is announced.

    To rank what words find takes longer than all else, and who searches asks for the same again: its next page, a
    filter. Suggestions are few, and found in less time for themselves.
    """

    def read() -> list[int]:
        return get_backend().find(groups, language=language, limit=most)

    if not settings.PAGE_CACHE:
        return read()
    asked = sha256(repr((language, groups, most)).encode()).hexdigest()
    return cache.get_or_set(fresh_key(f"search.found.{asked}"), read, FOUND_KEPT_SECONDS)


def find_by_code(query: str) -> list[int]:
    """Return the products that have `query` as UPC, GTIN, SKU or ASIN, variants as the product they belong to."""
    return [family for (family,) in _BY_CODE(codes={query, query.upper(), query.lower()})]


def _build_by_code() -> QuerySet:
    Product, codes = get_model("catalogue", "Product"), GivenAmong("codes", CharField())
    # Oscar's index of SKUs begins with the partner: named, each is looked up; else all records are looked at.
    partners = get_model("partner", "Partner").objects.order_by().values("pk")
    records = get_model("partner", "StockRecord").objects.filter(partner__in=partners).order_by()
    AmazonListing = get_model("catalog_import", "AmazonListing")  # ASINs are written nowhere else
    listings = AmazonListing.objects.exclude(product=None).order_by().values("product")
    # Each code has an index of its own; asked for with OR, PostgreSQL looks at every product.
    having = Product.objects.filter(upc__in=codes).order_by().values("pk")
    having = having.union(
        records.filter(partner_sku__in=codes).values("product"),
        listings.filter(sku__in=codes),
        listings.filter(asin__in=codes),
        all=True,
    )
    found = Product.objects.public().filter(pk__in=having).annotate(family=Coalesce("parent", "pk"))
    return found.order_by("family").values_list("family").distinct()


_BY_CODE = KeptSql(_build_by_code)


def complete_word(word: str, language: str) -> list[str]:
    """Return the words of the index that have `word` in them, those that begin with it first; stems aside."""
    folded = fold(word)
    if len(folded) < _SHORTEST_PART:
        return []
    words = [found for (found,) in _COMPLETED(language=language, part=folded)]
    return sorted(words, key=lambda other: not other.startswith(folded))


def _build_completed() -> QuerySet:
    part = Given("part", CharField())
    words = SearchWord.objects.filter(language=Given("language", CharField()), word__contains=part)
    return words.order_by("length", "word").values_list("word")[:_COMPLETIONS]


_COMPLETED = KeptSql(_build_completed)


def _stems_for(word: str, language: str) -> tuple[list[str], str]:
    """Return the stems to look for, and the word as it is meant: another one where nothing has it as written."""
    stems = [*stems_of(word, language), fold(word)]
    synonyms = [stem for other in _synonyms(word, language) for stem in stems_of(other, language)]
    completions = complete_word(word, language)
    stems += [stem for other in completions for stem in stems_of(other, language)]
    if not completions and not synonyms and not _is_used(stems, language):
        close = _closest_words(fold(word), language)
        if close:
            return list(dict.fromkeys(stem for other in close for stem in stems_of(other, language))), close[
                0
            ]
    return list(dict.fromkeys([*stems, *synonyms])), word


def _is_used(stems: list[str], language: str) -> bool:
    return bool(get_backend().find([list(dict.fromkeys(stems))], language=language, limit=1))


def _closest_words(word: str, language: str) -> list[str]:
    allowed = mistakes_allowed(word)
    if not allowed or any(letter.isdigit() for letter in word):
        return []
    candidates = get_backend().similar_words(word, language=language, mistakes=allowed)
    counted = [(count_mistakes(word, other, most=allowed), other) for other in candidates]
    fewest = min((count for count, _other in counted), default=allowed + 1)
    return [other for count, other in counted if count == fewest <= allowed][:5]


def _synonyms(word: str, language: str) -> list[str]:
    """Return the other words of each row that has this one, compared by their stems."""
    wanted = set(stems_of(word, language))
    found: list[str] = []
    languages = {language, language.partition("-")[0]}
    for (row,) in _SYNONYMS(languages=languages):
        words = split_words(row)
        if any(wanted & set(stems_of(other, language)) for other in words):
            found += words
    return found


def _build_synonyms() -> QuerySet:
    rows = Synonym.objects.filter(language__in=GivenAmong("languages", CharField()))
    return rows.order_by("pk").values_list("words")


_SYNONYMS = KeptSql(_build_synonyms)
