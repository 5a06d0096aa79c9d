"""Each of the 15 basic A+ modules as a block of the shop's stories (`storefront.cms.story_blocks`)."""

from collections.abc import Callable, Sequence
from typing import Any

from catalog_import.readers.aplus_text import bullets, in_order, paragraphs, plain
from catalog_import.readers.values import is_asin
from catalog_import.story import Block

Module = dict[str, Any]


def convert_module(kind: str, module: Module) -> Block | None:
    """Return a module of a known kind as a block; None for a kind nobody knows, such as a premium one."""
    convert = _CONVERTERS.get(kind)
    return convert(module) if convert else None


def body_key(kind: str) -> str:
    """Return under which name a module keeps its content: STANDARD_TEXT has `standardText`."""
    first, *others = kind.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def _picture(image: Any) -> Any:
    """Return where a picture is to be had and its alternative text, None where there is none."""
    if not isinstance(image, dict) or not isinstance(image.get("uploadDestinationId"), str):
        return None
    return {"ref": image["uploadDestinationId"], "alt": plain(image.get("altText"))}


def _part(value: Any) -> Module:
    return value if isinstance(value, dict) else {}


def _parts(value: Any) -> list[Module]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _tile(block: Any) -> Module:
    block = _part(block)
    return {
        "picture": _picture(block.get("image")),
        "heading": plain(block.get("headline")),
        "text": paragraphs(block.get("body")),
    }


def _logo(module: Module) -> Block:
    return {"type": "logo", "value": {"picture": _picture(module.get("companyLogo"))}}


def _banner(module: Module) -> Block:
    tile = _tile(module.get("block"))
    heading = plain(module.get("headline"))
    if not heading:
        heading, tile["heading"] = tile["heading"], ""
    tone = {"DARK": "dark", "LIGHT": "light"}.get(str(module.get("overlayColorType")), "below")
    value = {
        "heading": heading,
        "subheading": tile["heading"],
        "text": tile["text"],
        "picture": tile["picture"],
    }
    return {"type": "banner", "value": {**value, "tone": tone}}


def _grid(columns: str, numbers: Sequence[int]) -> Callable[[Module], Block]:
    def convert(module: Module) -> Block:
        tiles = [_tile(module[f"block{number}"]) for number in numbers if module.get(f"block{number}")]
        return {
            "type": "grid",
            "value": {"heading": plain(module.get("headline")), "columns": columns, "tiles": tiles},
        }

    return convert


def _side(module: Module) -> Block:
    side = "right" if module.get("imagePositionType") == "RIGHT" else "left"
    return {"type": "side", "value": {**_tile(module.get("block")), "side": side}}


def _sidebar(module: Module) -> Block:
    caption, main = _part(module.get("imageCaptionBlock")), _part(module.get("descriptionTextBlock"))
    aside = _tile(module.get("sidebarImageTextBlock"))
    return {
        "type": "sidebar",
        "value": {
            "heading": plain(module.get("headline")),
            "picture": _picture(caption.get("image")),
            "caption": plain(caption.get("caption")),
            "main_heading": plain(main.get("headline")),
            "main_text": _together(paragraphs(main.get("body")), bullets(module.get("descriptionListBlock"))),
            "aside_picture": aside["picture"],
            "aside_heading": aside["heading"],
            "aside_text": _together(aside["text"], bullets(module.get("sidebarListBlock"))),
        },
    }


def _together(text: str, listed: str) -> str:
    """Return a text and the list under it, once where both say the same."""
    return text if listed in text else text + listed


def _slides(module: Module) -> Block:
    slides = [
        {**_tile(each.get("block")), "caption": plain(each.get("caption"))}
        for each in _parts(module.get("blocks"))
    ]
    return {"type": "slides", "value": {"slides": slides}}


def _text(module: Module) -> Block:
    return {
        "type": "text",
        "value": {"heading": plain(module.get("headline")), "text": paragraphs(module.get("body"))},
    }


def _point(heading: Any, text: str) -> Module:
    return {"heading": plain(heading), "text": text}


def _text_point(block: Any) -> Module:
    return _point(_part(block).get("headline"), paragraphs(_part(block).get("body")))


def _list_point(block: Any) -> Module:
    return _point(_part(block).get("headline"), bullets(_part(block).get("block")))


def _details(module: Module, points: list[Module]) -> Block:
    return {
        "type": "details",
        "value": {
            "heading": plain(module.get("headline")),
            "picture": _picture(module.get("image")),
            "points": [point for point in points if point["heading"] or point["text"]],
        },
    }


def _highlights(module: Module) -> Block:
    points = [_text_point(module.get(f"textBlock{number}")) for number in (1, 2, 3)]
    return _details(module, [*points, _list_point(module.get("bulletedListBlock"))])


def _specs_detail(module: Module) -> Block:
    return _details(
        module,
        [
            _point(module.get("descriptionHeadline"), ""),
            _text_point(module.get("descriptionBlock1")),
            _text_point(module.get("descriptionBlock2")),
            _point(module.get("specificationHeadline"), ""),
            _list_point(module.get("specificationListBlock")),
            _text_point(module.get("specificationTextBlock")),
        ],
    )


def _specifications(module: Module) -> Block:
    rows = [
        {"label": plain(row.get("label")), "text": plain(row.get("description"))}
        for row in _parts(module.get("specificationList"))
    ]
    columns = "2" if module.get("tableCount") == 2 else "1"
    return {
        "type": "specifications",
        "value": {"heading": plain(module.get("headline")), "columns": columns, "rows": rows},
    }


def _comparison(module: Module) -> Block:
    labels = [plain(label.get("value")) for label in in_order(_parts(module.get("metricRowLabels")))]
    columns = []
    for column in in_order(_parts(module.get("productColumns"))):
        metrics = {
            each.get("position", number): plain(each.get("value"))
            for number, each in enumerate(_parts(column.get("metrics")), start=1)
        }
        asin = column.get("asin")
        columns.append(
            {
                "product": {"asin": asin} if isinstance(asin, str) and is_asin(asin) else None,
                "heading": plain(column.get("title")),
                "picture": _picture(column.get("image")),
                "is_highlighted": column.get("highlight") is True,
                "cells": [metrics.get(number, "") for number in range(1, len(labels) + 1)],
            }
        )
    return {"type": "comparison", "value": {"rows": labels, "columns": columns}}


_CONVERTERS: dict[str, Callable[[Module], Block]] = {
    "STANDARD_COMPANY_LOGO": _logo,
    "STANDARD_COMPARISON_TABLE": _comparison,
    "STANDARD_FOUR_IMAGE_TEXT": _grid("4", (1, 2, 3, 4)),
    "STANDARD_FOUR_IMAGE_TEXT_QUADRANT": _grid("2", (1, 2, 3, 4)),
    "STANDARD_THREE_IMAGE_TEXT": _grid("3", (1, 2, 3)),
    "STANDARD_HEADER_IMAGE_TEXT": _banner,
    "STANDARD_IMAGE_TEXT_OVERLAY": _banner,
    "STANDARD_IMAGE_SIDEBAR": _sidebar,
    "STANDARD_MULTIPLE_IMAGE_TEXT": _slides,
    "STANDARD_PRODUCT_DESCRIPTION": _text,
    "STANDARD_SINGLE_IMAGE_HIGHLIGHTS": _highlights,
    "STANDARD_SINGLE_IMAGE_SPECS_DETAIL": _specs_detail,
    "STANDARD_SINGLE_SIDE_IMAGE": _side,
    "STANDARD_TECH_SPECS": _specifications,
    "STANDARD_TEXT": _text,
}
