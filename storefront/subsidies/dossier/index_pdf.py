"""The index of a dossier as a PDF for A4: who applies for what, what was measured and spent, where each proof lies."""

from collections.abc import Iterator, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from storefront.subsidies.dossier.parts import Parts
from storefront.subsidies.dossier.summary import criterion_rows, evidence_row, finding_lines, summary_lines
from storefront.subsidies.dossier.typeface import NAME, drawable, use_typeface
from storefront.subsidies.dossier.wording import asked_for, both, shown, word_of
from storefront.subsidies.words import say_in

_INK, _FAINT, _LINE, _HEAD = (
    HexColor("#1d2327"),
    HexColor("#5c666e"),
    HexColor("#b9c2c8"),
    HexColor("#e7ecef"),
)
_MARGIN = 16 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_GRID = [
    ("FONTNAME", (0, 0), (-1, -1), NAME),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
]
_HEADED = [*_GRID, ("BACKGROUND", (0, 0), (-1, 0), _HEAD)]


class _NumberedCanvas(Canvas):
    """A canvas that knows at the end how many pages there are."""

    foot = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initialFontName": use_typeface()})
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont(use_typeface(), 7)
            self.setFillColor(_FAINT)
            self.drawString(_MARGIN, 9 * mm, self.foot)
            self.drawRightString(A4[0] - _MARGIN, 9 * mm, f"{number} / {len(self._pages)}")
            super().showPage()
        super().save()


def write_index(parts: Parts, target: IO[bytes], *, with_customers_data: bool) -> None:
    """Write the index to `target`: the same bytes for the same version."""
    contents = parts.contents
    foot = drawable(
        f"{contents.name} · SHA-256 {contents.sha256[:16]}… · {contents.frozen_at:%Y-%m-%d %H:%M}"
    )
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=contents.name,
        author=drawable(contents.body["applicant"]["name_zh"]),
        lang="zh-CN",
        invariant=1,
    )
    story = [
        *_cover(parts),
        PageBreak(),
        *_conditions(parts),
        *_figures(parts),
        *_expenses(parts),
        *_reconciliation(parts),
        *_findings(parts),
        *_evidence(parts, with_customers_data=with_customers_data),
    ]
    canvas = type("Canvas", (_NumberedCanvas,), {"foot": foot})
    document.build(story, canvasmaker=canvas)


def _cover(parts: Parts) -> Iterator[Flowable]:
    yield Spacer(1, 10 * mm)
    yield _text(say_in("zh", "dossier.title"), size=24)
    yield _text(say_in("en", "dossier.title"), size=13, faint=True)
    yield Spacer(1, 8 * mm)
    rows = [
        [
            [_text(say_in("zh", key)), _text(say_in("en", key), size=7, faint=True)],
            _text(text or "—", breaks=True),
        ]
        for key, text in summary_lines(parts)
    ]
    yield Table(rows, colWidths=[46 * mm, _WIDTH - 46 * mm], style=_GRID)
    yield Spacer(1, 8 * mm)
    boxes = [
        [
            _text(say_in("zh", f"dossier.sign_{who}")),
            _text(say_in("en", f"dossier.sign_{who}"), size=7, faint=True),
        ]
        for who in ("signer", "checker", "seal")
    ]
    frame = [("BOX", (number, 0), (number, 0), 0.6, _LINE) for number in range(3)]
    yield Table(
        [boxes], colWidths=[_WIDTH / 3] * 3, rowHeights=[30 * mm], style=[_GRID[0], *_GRID[2:], *frame]
    )


def _conditions(parts: Parts) -> Iterator[Flowable]:
    yield from _heading("sheet.criteria")
    rows = [
        [
            _pair(one["zh"], one["en"]),
            _text(asked_for(one["operator"], one["threshold"], one["unit"]) if one["figure"] else "—"),
            _text(shown(one["value"], one["unit"])),
            _both(f"verdict.{one['verdict']}"),
            _pair(
                one["clause"]["zh"],
                f"{one['clause']['en']} [{one['clause']['source']}, {one['clause']['grade']}]",
            ),
        ]
        for one in criterion_rows(parts)
    ]
    yield _table(("condition", "threshold", "value", "verdict", "clause"), (46, 27, 27, 20, 58), rows)


def _figures(parts: Parts) -> Iterator[Flowable]:
    yield from _heading("sheet.figures")
    rows = [
        [
            _text(one["code"]),
            _both(f"kpi.{one['code']}"),
            _text(shown(one["value"], one["unit"]), right=True),
            _text(f"{one['rows']['count']}", right=True),
            _text(one["rows"]["evidence"]),
            _text(one["sha256"], size=6, breaks=True),
        ]
        for one in parts.contents.figures
    ]
    yield _table(("code", "name", "value", "rows", "evidence", "figure_hash"), (12, 52, 34, 14, 22, 44), rows)


def _expenses(parts: Parts) -> Iterator[Flowable]:
    yield from _heading("sheet.expenses")
    rows = [
        [
            _text(bill["reference"]),
            [_text(bill["vendor"], breaks=True), _text(bill["subject"], size=7, faint=True, breaks=True)],
            [_text(bill["invoice"], size=7, breaks=True), _text(bill["dated"], size=7, faint=True)],
            _text(shown(bill["gross"], bill["currency"]), right=True),
            _text(shown(bill["claimed"], "CNY"), right=True),
            _text(", ".join(f"{paper['evidence']} v{paper['number']}" for paper in bill["papers"]), size=7),
        ]
        for bill in parts.contents.expenses
    ]
    yield _table(
        ("bill", "vendor", "invoice", "gross", "claimed", "evidence"), (16, 52, 34, 28, 24, 24), rows
    )


def _reconciliation(parts: Parts) -> Iterator[Flowable]:
    found = parts.comparison
    if not found:
        return
    yield from _heading("sheet.reconciliation")
    shares = " · ".join(f"{code} {value} %" for code, value in found["shares"].items() if value)
    yield _text(f"{both('dossier.matched')}: {shares or '—'}")
    rows = [
        [
            _text(level),
            _both(f"level.{level}"),
            _text(word_of("difference", kind), breaks=True),
            _text(str(sums["count"]), right=True),
            _text(
                ", ".join(shown(value, currency) for currency, value in sums["amounts"].items()), right=True
            ),
        ]
        for level, kinds in sorted(found["levels"].items())
        for kind, sums in kinds.items()
    ]
    yield _table(("level", "name", "difference_kind", "count", "amount"), (14, 52, 52, 18, 42), rows)


def _findings(parts: Parts) -> Iterator[Flowable]:
    if not parts.contents.findings:
        return
    yield from _heading("sheet.findings")
    rows = [
        [
            [_text(one["finding"]), _text(f"v{one['version']}", size=7, faint=True)],
            [_both(f"gravity.{one['gravity']}"), _text(one["about"], size=7, faint=True, breaks=True)],
            [
                *_paragraphs(one["text"]),
                _text(f"{one['auditor']}, {at}", size=7, faint=True, breaks=True),
            ],
            _text(shown(one["disallowed"], "CNY"), right=True),
            _paragraphs(answers or "—"),
        ]
        for one, at, answers in finding_lines(parts)
    ]
    yield _table(("finding", "gravity", "found", "disallowed", "answers"), (16, 24, 60, 24, 54), rows)


def _paragraphs(text: str) -> list[Flowable]:
    return [_text(line, breaks=True) for line in text.splitlines() if line.strip()]


def _evidence(parts: Parts, *, with_customers_data: bool) -> Iterator[Flowable]:
    yield from _heading("sheet.evidence")
    yield _text(say_in("zh", "dossier.index_note"))
    yield _text(say_in("en", "dossier.index_note"), size=7, faint=True)
    rows = []
    for proof in parts.contents.proofs:
        is_here = with_customers_data or not proof.has_customers_data
        label, title, used_for, issued, *_, path, digest = evidence_row(proof, is_here=is_here)
        rows.append(
            [
                _text(str(label)),
                [_text(str(title), breaks=True), _text(str(used_for), size=7, faint=True, breaks=True)],
                _text(str(issued) or "—", size=7),
                [_text(str(path), size=7, breaks=True), _text(str(digest), size=5.5, faint=True)],
            ]
        )
    yield _table(("evidence", "title", "issued", "path_and_hash"), (22, 58, 20, 78), rows)


def _heading(key: str) -> Iterator[Flowable]:
    yield Spacer(1, 5 * mm)
    yield _text(say_in("zh", key), size=13, keep=True)
    yield _text(say_in("en", key), size=8, faint=True, keep=True)
    yield Spacer(1, 2 * mm)


def _table(columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Any]]) -> Flowable:
    if not rows:
        return _text(both("dossier.nothing"), faint=True)
    head = [
        [_text(say_in("zh", f"column.{name}")), _text(say_in("en", f"column.{name}"), size=6, faint=True)]
        for name in columns
    ]
    return LongTable([head, *rows], colWidths=[width * mm for width in widths], repeatRows=1, style=_HEADED)


def _both(key: str) -> list[Flowable]:
    return _pair(say_in("zh", key), say_in("en", key))


def _pair(zh: str, en: str) -> list[Flowable]:
    return [_text(zh, breaks=True), _text(en, size=7, faint=True)]


def _text(
    text: str,
    *,
    size: float = 8.5,
    faint: bool = False,
    right: bool = False,
    breaks: bool = False,
    keep: bool = False,
) -> Paragraph:
    """Return a paragraph; one that `breaks` does so between any two letters, as Chinese and hashes do."""
    style = ParagraphStyle(
        "text",
        fontName=use_typeface(),
        fontSize=size,
        leading=size * 1.4,
        textColor=_FAINT if faint else _INK,
        alignment=TA_RIGHT if right else 0,
        wordWrap="CJK" if breaks else None,
        keepWithNext=int(keep),
    )
    return Paragraph(escape(drawable(text)), style)
