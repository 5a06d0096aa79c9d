"""A+ texts as HTML: Amazon keeps styles beside the text, as ranges of characters."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

_INLINE = {"STYLE_BOLD": "b", "STYLE_ITALIC": "i", "STYLE_UNDERLINE": "i"}
"""The shop's editor has no underline: on the web it is taken for a link."""
_LISTS = {"LIST_ORDERED": "ol", "LIST_UNORDERED": "ul"}

Range = tuple[str, int, int]


def plain(component: Any) -> str:
    """Return a text component, or a plain string, without its styles, in one line."""
    value = component.get("value") if isinstance(component, dict) else component
    return " ".join(str(value).split()) if isinstance(value, str) else ""


def paragraphs(component: Any) -> str:
    """Return a paragraph component (`textList`) as HTML; empty where it says nothing."""
    texts = component.get("textList") if isinstance(component, dict) else None
    return "".join(to_html(text) for text in texts or () if isinstance(text, dict))


def bullets(component: Any) -> str:
    """Return a list block (`textList` of `{position, text}`) as an HTML list."""
    items = component.get("textList") if isinstance(component, dict) else None
    rows = [item for item in items or () if isinstance(item, dict)]
    found = [_style(*_text_and_ranges(item.get("text") or item)) for item in in_order(rows)]
    lines = "".join(f"<li>{html}</li>" for html in found if html)
    return f"<ul>{lines}</ul>" if lines else ""


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows by their `position`; those without one first."""
    positions = [row.get("position") for row in rows]
    keys = [each if isinstance(each, int) else 0 for each in positions]
    return [rows[index] for index in sorted(range(len(rows)), key=lambda index: keys[index])]


def to_html(component: dict[str, Any]) -> str:
    """Return one text component as HTML paragraphs and lists; everything in it is escaped."""
    value, ranges = _text_and_ranges(component)
    if not value.strip():
        return ""
    blocks = sorted(
        {
            (start, end)
            for kind, start, end in ranges
            if kind in ("STYLE_PARAGRAPH", "LIST_ITEM") and end > start
        }
    )
    html, done = [], 0
    for start, end in blocks:
        if start < done:
            continue
        html.append(_paragraph(value, ranges, done, start))
        kind = next((kind for kind, a, b in ranges if (a, b) == (start, end) and kind == "LIST_ITEM"), "")
        html.append(_item(value, ranges, start, end) if kind else _paragraph(value, ranges, start, end))
        done = end
    html.append(_paragraph(value, ranges, done, len(value)))
    return _join_lists("".join(html))


def _text_and_ranges(component: Any) -> tuple[str, list[Range]]:
    value = component.get("value") if isinstance(component, dict) else None
    if not isinstance(value, str):
        return "", []
    ranges: list[Range] = []
    for decorator in component.get("decoratorSet") or ():
        if not isinstance(decorator, dict):
            continue
        offset, length = decorator.get("offset"), decorator.get("length")
        if isinstance(offset, int) and isinstance(length, int) and 0 <= offset <= len(value) and length >= 0:
            ranges.append((str(decorator.get("type")), offset, min(len(value), offset + length)))
    return value, ranges


def _paragraph(value: str, ranges: Sequence[Range], start: int, end: int) -> str:
    html = _style(value, ranges, start, end)
    return f"<p>{html}</p>" if html else ""


def _item(value: str, ranges: Sequence[Range], start: int, end: int) -> str:
    inside = (_LISTS[kind] for kind, a, b in ranges if kind in _LISTS and a <= start and end <= b)
    tag = next(inside, "ul")
    html = _style(value, ranges, start, end)
    return f"<{tag}><li>{html}</li></{tag}>" if html else ""


def _style(value: str, ranges: Sequence[Range], start: int = 0, end: int | None = None) -> str:
    """Return a stretch of text with its inline styles; tags are closed at each change, so that none ever cross."""
    end = len(value) if end is None else end
    breaks = {at for kind, at, _ in ranges if kind == "STYLE_LINEBREAK" and start < at < end}
    inline = [(kind, a, b) for kind, a, b in ranges if kind in _INLINE and b > a]
    cuts = sorted({start, end, *breaks, *(at for _, a, b in inline for at in (a, b) if start < at < end)})
    html = []
    for left, right in pairwise(cuts):
        tags = sorted({_INLINE[kind] for kind, a, b in inline if a <= left and right <= b})
        text = escape(value[left:right], quote=False).replace("\r\n", "\n").replace("\n", "<br/>")
        html += ["<br/>" if left in breaks else "", *(f"<{tag}>" for tag in tags), text]
        html += [f"</{tag}>" for tag in reversed(tags)]
    return "".join(html).strip()


def _join_lists(html: str) -> str:
    return html.replace("</ul><ul>", "").replace("</ol><ol>", "")
