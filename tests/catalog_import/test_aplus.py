"""A+ documents become blocks: every basic module, styles, wording that is Amazon's, and what nobody knows."""

import json

import pytest

from catalog_import.errors import UnreadableFile
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from catalog_import.readers.aplus_modules import body_key, convert_module
from catalog_import.readers.aplus_text import bullets, paragraphs, to_html
from tests.catalog_import.conftest import DEMO_BRAND

US = find_marketplace("us")
IMAGE = {"uploadDestinationId": "aplus-media-library-service-media/abc", "altText": "A cable"}
PICTURE = {"ref": "aplus-media-library-service-media/abc", "alt": "A cable"}


def text(value, *decorators):
    return {
        "value": value,
        "decoratorSet": [
            {"type": kind, "offset": offset, "length": length, "depth": 0}
            for kind, offset, length in decorators
        ],
    }


def body(*values):
    return {"textList": [text(value) for value in values]}


def block(name="Fast"):
    return {"image": IMAGE, "headline": text(name), "body": body(f"{name} indeed")}


TILE = {"picture": PICTURE, "heading": "Fast", "text": "<p>Fast indeed</p>"}
LIST = {"textList": [{"position": 2, "text": text("two")}, {"position": 1, "text": text("one")}]}
BULLETS = "<ul><li>one</li><li>two</li></ul>"
MODULES = [
    ("STANDARD_COMPANY_LOGO", {"companyLogo": IMAGE}, "logo", {"picture": PICTURE}),
    (
        "STANDARD_COMPARISON_TABLE",
        {
            "productColumns": [
                {"position": 2, "title": "Other", "asin": "nonsense", "highlight": None, "metrics": []},
                {
                    "position": 1,
                    "title": "C60",
                    "asin": "B0ZZAALSAR",
                    "image": IMAGE,
                    "highlight": True,
                    "metrics": [{"position": 2, "value": "2 m"}, {"position": 1, "value": "60 W"}],
                },
            ],
            "metricRowLabels": [{"position": 1, "value": "Power"}, {"position": 2, "value": "Length"}],
        },
        "comparison",
        {
            "rows": ["Power", "Length"],
            "columns": [
                {
                    "product": {"asin": "B0ZZAALSAR"},
                    "heading": "C60",
                    "picture": PICTURE,
                    "is_highlighted": True,
                    "cells": ["60 W", "2 m"],
                },
                {
                    "product": None,
                    "heading": "Other",
                    "picture": None,
                    "is_highlighted": False,
                    "cells": ["", ""],
                },
            ],
        },
    ),
    (
        "STANDARD_FOUR_IMAGE_TEXT",
        {"headline": text("Four"), **{f"block{number}": block() for number in (1, 2, 3, 4)}},
        "grid",
        {"heading": "Four", "columns": "4", "tiles": [TILE] * 4},
    ),
    (
        "STANDARD_FOUR_IMAGE_TEXT_QUADRANT",
        {f"block{number}": block() for number in (1, 2, 3, 4)},
        "grid",
        {"heading": "", "columns": "2", "tiles": [TILE] * 4},
    ),
    (
        "STANDARD_THREE_IMAGE_TEXT",
        {"headline": text("Three"), "block1": block(), "block2": None, "block3": block()},
        "grid",
        {"heading": "Three", "columns": "3", "tiles": [TILE] * 2},
    ),
    (
        "STANDARD_HEADER_IMAGE_TEXT",
        {"headline": text("Meet it"), "block": block()},
        "banner",
        {
            "heading": "Meet it",
            "subheading": "Fast",
            "text": TILE["text"],
            "picture": PICTURE,
            "tone": "below",
        },
    ),
    (
        "STANDARD_IMAGE_TEXT_OVERLAY",
        {"overlayColorType": "DARK", "block": block()},
        "banner",
        {"heading": "Fast", "subheading": "", "text": TILE["text"], "picture": PICTURE, "tone": "dark"},
    ),
    (
        "STANDARD_IMAGE_SIDEBAR",
        {
            "headline": text("Care"),
            "imageCaptionBlock": {"image": IMAGE, "caption": text("Hang it up")},
            "descriptionTextBlock": {"headline": text("For long"), "body": body("Oil it")},
            "descriptionListBlock": LIST,
            "sidebarImageTextBlock": block("Side"),
            "sidebarListBlock": LIST,
        },
        "sidebar",
        {
            "heading": "Care",
            "picture": PICTURE,
            "caption": "Hang it up",
            "main_heading": "For long",
            "main_text": f"<p>Oil it</p>{BULLETS}",
            "aside_picture": PICTURE,
            "aside_heading": "Side",
            "aside_text": f"<p>Side indeed</p>{BULLETS}",
        },
    ),
    (
        "STANDARD_MULTIPLE_IMAGE_TEXT",
        {"blocks": [{"block": block(), "caption": text("Travel")}]},
        "slides",
        {"slides": [{**TILE, "caption": "Travel"}]},
    ),
    (
        "STANDARD_PRODUCT_DESCRIPTION",
        {"body": body("One", "Two")},
        "text",
        {"heading": "", "text": "<p>One</p><p>Two</p>"},
    ),
    (
        "STANDARD_TEXT",
        {"headline": text("Us"), "body": body("We")},
        "text",
        {"heading": "Us", "text": "<p>We</p>"},
    ),
    (
        "STANDARD_SINGLE_IMAGE_HIGHLIGHTS",
        {
            "image": IMAGE,
            "headline": text("Why"),
            "textBlock1": {"headline": text("A"), "body": body("a")},
            "textBlock2": None,
            "textBlock3": {"headline": text("C"), "body": body("c")},
            "bulletedListBlock": {"headline": text("In the box"), "block": LIST},
        },
        "details",
        {
            "heading": "Why",
            "picture": PICTURE,
            "points": [
                {"heading": "A", "text": "<p>a</p>"},
                {"heading": "C", "text": "<p>c</p>"},
                {"heading": "In the box", "text": BULLETS},
            ],
        },
    ),
    (
        "STANDARD_SINGLE_IMAGE_SPECS_DETAIL",
        {
            "headline": text("Facts"),
            "image": IMAGE,
            "descriptionHeadline": text("What"),
            "descriptionBlock1": {"headline": text("A"), "body": body("a")},
            "specificationHeadline": text("Numbers"),
            "specificationListBlock": {"headline": text("L"), "block": LIST},
            "specificationTextBlock": {"headline": None, "body": body("z")},
        },
        "details",
        {
            "heading": "Facts",
            "picture": PICTURE,
            "points": [
                {"heading": "What", "text": ""},
                {"heading": "A", "text": "<p>a</p>"},
                {"heading": "Numbers", "text": ""},
                {"heading": "L", "text": BULLETS},
                {"heading": "", "text": "<p>z</p>"},
            ],
        },
    ),
    (
        "STANDARD_SINGLE_SIDE_IMAGE",
        {"imagePositionType": "RIGHT", "block": block()},
        "side",
        {**TILE, "side": "right"},
    ),
    (
        "STANDARD_TECH_SPECS",
        {
            "headline": text("Data"),
            "tableCount": 2,
            "specificationList": [{"label": text("Weight"), "description": text("40 g")}],
        },
        "specifications",
        {"heading": "Data", "columns": "2", "rows": [{"label": "Weight", "text": "40 g"}]},
    ),
]


@pytest.mark.parametrize(("kind", "module", "type_", "value"), MODULES, ids=[row[0] for row in MODULES])
def test_each_basic_module_becomes_a_block(kind, module, type_, value):
    assert convert_module(kind, module) == {"type": type_, "value": value}


def test_there_are_fifteen_basic_modules():
    assert len({row[0] for row in MODULES}) == 15
    assert body_key("STANDARD_FOUR_IMAGE_TEXT_QUADRANT") == "standardFourImageTextQuadrant"


@pytest.mark.parametrize(("kind", "module", "_type", "_value"), MODULES, ids=[row[0] for row in MODULES])
def test_a_module_with_holes_is_read_all_the_same(kind, module, _type, _value):
    assert convert_module(kind, dict.fromkeys(module)) is not None
    assert convert_module(kind, dict.fromkeys(module, "nonsense")) is not None
    assert convert_module(kind, {name: [None, 3] for name in module}) is not None


@pytest.mark.parametrize(
    ("component", "html"),
    [
        (
            text("Bold and both", ("STYLE_BOLD", 0, 4), ("STYLE_ITALIC", 9, 4)),
            "<p><b>Bold</b> and <i>both</i></p>",
        ),
        (
            text("abcd", ("STYLE_BOLD", 0, 3), ("STYLE_ITALIC", 2, 2)),
            "<p><b>ab</b><b><i>c</i></b><i>d</i></p>",
        ),
        (text("one two", ("STYLE_LINEBREAK", 4, 0)), "<p>one <br/>two</p>"),
        (text("one\ntwo"), "<p>one<br/>two</p>"),
        (text("<script>x</script> & more"), "<p>&lt;script&gt;x&lt;/script&gt; &amp; more</p>"),
        (
            text("Before:onetwo", ("LIST_ORDERED", 7, 6), ("LIST_ITEM", 7, 3), ("LIST_ITEM", 10, 3)),
            "<p>Before:</p><ol><li>one</li><li>two</li></ol>",
        ),
        (text("ab", ("STYLE_PARAGRAPH", 0, 1), ("STYLE_PARAGRAPH", 1, 1)), "<p>a</p><p>b</p>"),
        (
            text("short", ("STYLE_BOLD", 0, 900), ("STYLE_BOLD", -3, 2), ("STYLE_BOLD", 99, 1)),
            "<p><b>short</b></p>",
        ),
        ({"value": None, "decoratorSet": None}, ""),
        (text("  "), ""),
    ],
)
def test_styles_become_html_and_everything_else_is_escaped(component, html):
    assert to_html(component) == html


def test_texts_that_are_not_there_are_empty():
    assert (paragraphs(None), bullets({"textList": None}), bullets([])) == ("", "", "")


def test_the_documents_of_the_demo_find_their_asins():
    reading = read_files(paths=[DEMO_BRAND / "aplus"], marketplace=US)

    assert [
        (story.name, story.language, len(story.asins), len(story.blocks)) for story in reading.stories
    ] == [
        ("Zellumo C60 cables en-US", "en", 8, 6),
        ("Fernowick pruning en-US", "en", 7, 7),
        ("Zellumo slim power bank en-US", "en", 4, 3),
    ]
    refused = {file.name for file in reading.files if file.refusal}
    assert refused == {f"{name}.de.content_document.json" for name in ("cables", "garden", "power")}
    assert reading.problems == []


def write_document(folder, modules, name="mine.content_document.json", **record):
    document = {"name": "Mine", "locale": "en-US", "contentModuleList": modules}
    path = folder / name
    path.write_text(json.dumps({"contentRecord": {"contentDocument": document, **record}}))
    return path


def test_premium_and_unknown_modules_are_reported_and_the_rest_is_read(tmp_path):
    path = write_document(
        tmp_path,
        [
            {"contentModuleType": "premium-module-6-three-column-comparison", "premiumModule": {}},
            {"contentModuleType": "STANDARD_TEXT", "standardText": {"body": body("We make cables.")}},
            None,
        ],
    )

    reading = read_files(paths=[path], marketplace=US)

    assert [len(story.blocks) for story in reading.stories] == [1]
    assert [(problem.kind, problem.row) for problem in reading.problems] == [
        ("unsupported_module", 1),
        ("unsupported_module", 3),
    ]


def test_a_document_amazon_refused_to_hand_out_is_explained(tmp_path):
    write_document(tmp_path, [{"contentModuleType": "STANDARD_TEXT", "standardText": {"body": body("x")}}])
    (tmp_path / "premium.json").write_text(
        json.dumps(
            {"errors": [{"code": "InvalidInput", "message": "Unsupported content module type: premium-9"}]}
        )
    )

    reading = read_files(paths=[tmp_path], marketplace=US)

    assert [problem.message for problem in reading.problems] == ["Unsupported content module type: premium-9"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Amazon's Choice since 2020", "Amazon's Choice"),
        ("Free shipping with Prime", "Prime"),
        ("4.8 out of 5 stars", "4.8 out of 5 stars"),
        ("★★★★★ loved", "★"),
        ("Bestseller in Germany", "Bestseller"),
    ],
)
def test_words_that_belong_to_amazons_shop_are_flagged(tmp_path, words, found):
    path = write_document(
        tmp_path, [{"contentModuleType": "STANDARD_TEXT", "standardText": {"body": body(words)}}]
    )

    (problem,) = read_files(paths=[path], marketplace=US).problems

    assert (problem.kind, problem.row) == ("amazon_wording", 1)
    assert found in problem.message


@pytest.mark.parametrize(
    "words", ["A primed canvas", "Stars and planets print", "Start the five star-shaped lights"]
)
def test_ordinary_words_are_not(tmp_path, words):
    path = write_document(
        tmp_path, [{"contentModuleType": "STANDARD_TEXT", "standardText": {"body": body(words)}}]
    )

    assert read_files(paths=[path], marketplace=US).problems == []


def test_relations_without_a_key_belong_to_the_document_of_the_same_name(tmp_path):
    write_document(tmp_path, [{"contentModuleType": "STANDARD_TEXT", "standardText": {"body": body("x")}}])
    (tmp_path / "mine.asin_relations.json").write_text(
        json.dumps({"asinMetadataSet": [{"asin": "B0ZZAALSAR"}]})
    )
    (tmp_path / "other.asin_relations.json").write_text(
        json.dumps({"asinMetadataSet": [{"asin": "B0ZZZZZZZZ"}]})
    )

    (story,) = read_files(paths=[tmp_path], marketplace=US).stories

    assert story.asins == ("B0ZZAALSAR",)


def test_a_damaged_document_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"contentModuleList": [')

    with pytest.raises(UnreadableFile, match="damaged JSON document"):
        read_files(paths=[path], marketplace=US)
