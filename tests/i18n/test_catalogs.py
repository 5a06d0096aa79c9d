"""The catalogues are whole, agree with the sources, and say the same things in every language."""

import re
from collections import Counter

import pytest

from storefront.locale import catalogs

BACK_OFFICE = (
    "catalog_import/",
    "storefront/accounts/",
    "storefront/cms/",
    "storefront/compliance/",
    "storefront/evidence/",
    "storefront/markets/",
    "storefront/newsletter/",
    "storefront/payments/",
    "storefront/settings/",
    "storefront/setup/",
    "storefront/shop/dashboard/",
    "storefront/subsidies/",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-z]|(?<!%)%[ds]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
# The button says nothing but what the law asks for (Directive 2011/83/EU, article 8(2)); the amount stands above it.
_PAY = 'Pay <span data-slot="total">%(total)s</span>'
FEWER_PLACEHOLDERS = {(language, _PAY) for language in ("de", "fr", "it", "es")}


@pytest.fixture(scope="module")
def sources():
    return catalogs.extract_messages()


def forms(words):
    return list(words) if isinstance(words, (list, tuple)) else [words]


def translated(language):
    return [
        entry
        for entry in catalogs.sentences(catalogs.read_catalog(language))
        if catalogs.is_translated(entry)
    ]


def untranslated(language):
    return [
        entry
        for entry in catalogs.sentences(catalogs.read_catalog(language))
        if not catalogs.is_translated(entry)
    ]


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_catalogue_holds_the_sentences_of_the_sources(language, sources):
    wanted = {(entry.context, entry.id) for entry in catalogs.sentences(sources)}
    found = {(entry.context, entry.id) for entry in catalogs.sentences(catalogs.read_catalog(language))}
    assert (wanted - found, found - wanted) == (set(), set()), (
        "Run `make messages` and translate what is new."
    )


@pytest.mark.parametrize("language", ["en", "en_GB", "de"])
def test_shops_language_is_wholly_translated(language):
    assert [entry.id for entry in untranslated(language)] == []


def test_back_office_is_wholly_translated_into_chinese():
    missing = [
        entry.id
        for entry in untranslated("zh_Hans")
        if any(path.startswith(BACK_OFFICE) for path, _line in entry.locations)
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["fr", "it", "es"])
def test_shop_is_wholly_translated_for_its_other_markets(language):
    missing = [
        entry.id
        for entry in untranslated(language)
        if not all(path.startswith(BACK_OFFICE) for path, _line in entry.locations)
    ]
    assert missing == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_no_sentence_is_fuzzy(language):
    assert [entry.id for entry in translated(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_placeholders_survive_translation(language):
    wrong = []
    for entry in translated(language):
        if (language, entry.id) in FEWER_PLACEHOLDERS:
            continue
        originals = [set(PLACEHOLDER.findall(form)) for form in forms(entry.id)]
        for form in forms(entry.string):
            if set(PLACEHOLDER.findall(form)) not in originals:
                wrong.append((entry.id, form))
    assert wrong == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_tags_survive_translation(language):
    wrong = []
    for entry in translated(language):
        if (language, entry.id) in FEWER_PLACEHOLDERS:
            continue
        originals = [Counter(TAG.findall(form)) for form in forms(entry.id)]
        wrong += [
            (entry.id, form) for form in forms(entry.string) if Counter(TAG.findall(form)) not in originals
        ]
    assert wrong == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_surrounding_line_ends_survive_translation(language):
    wrong = [
        entry.id
        for entry in translated(language)
        for original, form in zip(forms(entry.id), forms(entry.string), strict=False)
        if (original[:1] == "\n", original[-1:] == "\n") != (form[:1] == "\n", form[-1:] == "\n")
    ]
    assert wrong == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_compiled_catalogue_is_the_committed_one(language):
    compiled = catalogs.mo_bytes(catalogs.read_catalog(language))
    assert catalogs.mo_file(language).read_bytes() == compiled, "Run `make compile-messages`."


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_writing_a_catalogue_again_changes_nothing(language):
    text = catalogs.po_text(catalogs.read_catalog(language))
    assert text == catalogs.po_file(language).read_bytes(), "Run `make messages`."


def test_american_words_leave_placeholders_alone():
    assert catalogs.in_english("Basket: %(basket)d baskets", "en") == "Cart: %(basket)d carts"
    assert catalogs.in_english("Basket: %(basket)d baskets", "en_GB") == "Basket: %(basket)d baskets"


def test_no_sentence_of_german_addresses_the_reader_as_a_friend():
    friendly = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[rmns]?)\b")
    assert [
        entry.string for entry in translated("de") if friendly.search(" ".join(forms(entry.string)))
    ] == []
