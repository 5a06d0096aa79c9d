"""The sheets of the workbook as plain rows: what the dossier says, in Chinese and English side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from storefront.subsidies.dossier.parts import Parts
from storefront.subsidies.dossier.summary import criterion_rows, evidence_row, summary_lines
from storefront.subsidies.dossier.wording import Cell, both, number, word_of
from storefront.subsidies.words import all_words, say_in


@dataclass(frozen=True)
class Sheet:
    """A sheet: its word, the words of its columns, its rows; `totals` are the columns to be summed up.

    `links` leads from a row to a file of the dossier, from its `link_column`.
    """

    word: str
    columns: Sequence[str]
    rows: list[list[Cell]]
    totals: Sequence[int] = ()
    links: dict[int, str] = field(default_factory=dict)
    link_column: int = 0

    @property
    def title(self) -> str:
        """Its name on the tab."""
        return f"{say_in('zh', self.word)} {say_in('en', self.word)}"[:31]


def sheets_of(parts: Parts, *, with_customers_data: bool) -> list[Sheet]:
    """Return every sheet of the workbook, in order."""
    return [
        _summary(parts),
        _criteria(parts),
        _figures(parts),
        _months(parts),
        _expenses(parts),
        _payments(parts),
        _reckoning(parts),
        _reconciliation(parts),
        _evidence(parts, with_customers_data=with_customers_data),
        _terms(),
    ]


def _summary(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = [[both(key), text] for key, text in summary_lines(parts)]
    return Sheet("sheet.summary", ("column.what", "column.value"), rows)


def _criteria(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = [
        [
            *(one["code"], one["zh"], one["en"], one["figure"], number(one["value"]), one["operator"]),
            *(number(one["threshold"]), one["unit"], word_of("verdict", one["verdict"])),
            *(
                one["clause"]["zh"],
                one["clause"]["en"],
                f"{one['clause']['source']} ({one['clause']['grade']})",
            ),
        ]
        for one in criterion_rows(parts)
    ]
    columns = ("code", "label_zh", "label_en", "figure", "value", "operator", "threshold", "unit", "verdict")
    return Sheet(
        "sheet.criteria",
        (*(f"column.{name}" for name in columns), "column.clause_zh", "column.clause_en", "column.source"),
        rows,
    )


def _figures(parts: Parts) -> Sheet:
    rows, links = [], {}
    for one in parts.contents.figures:
        body = parts.figure(one["code"])
        proof = parts.contents.proof(one["rows"]["evidence"])
        links[len(rows)] = proof.path if proof else ""
        rows.append(
            [
                *(one["code"], both(f"kpi.{one['code']}"), number(one["value"]), one["unit"]),
                *(word_of("verdict", one["verdict"]) if one["verdict"] else "", body["formula_version"]),
                *(
                    " – ".join(body["window"]),
                    word_of("basis", body["basis"]),
                    " ".join(filter(None, body["fx"])),
                ),
                *(body["counted"], sum(body["excluded"].values()), one["rows"]["count"]),
                *(one["rows"]["evidence"], one["rows"]["sha256"], one["sha256"]),
            ]
        )
    columns = (
        *(
            "code",
            "name",
            "value",
            "unit",
            "verdict",
            "formula",
            "window",
            "basis",
            "fx",
            "counted",
            "excluded",
        ),
        *("rows", "evidence", "rows_hash", "figure_hash"),
    )
    return Sheet("sheet.figures", [f"column.{name}" for name in columns], rows, links=links, link_column=12)


def _months(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = [
        [one["code"], both(f"kpi.{one['code']}"), month, number(value), one["unit"]]
        for one in parts.contents.figures
        for month, value in sorted(parts.figure(one["code"])["months"].items())
    ]
    return Sheet(
        "sheet.months", [f"column.{name}" for name in ("code", "name", "month", "value", "unit")], rows
    )


def _expenses(parts: Parts) -> Sheet:
    rows, links = [], {}
    for bill in parts.contents.expenses:
        labels = [f"{paper['evidence']} v{paper['number']}" for paper in bill["papers"]]
        first = parts.contents.proof(labels[0]) if labels else None
        if first:
            links[len(rows)] = first.path
        rows.append(
            [
                *(bill["reference"], bill["line"], bill["vendor"], bill["vendor_country"], bill["subject"]),
                *(word_of("kind", bill["kind"]), bill["code"], bill["invoice"], bill["dated"]),
                *(" – ".join(filter(None, bill["service"])), bill["currency"], number(bill["gross"])),
                *(number(bill["tax"]), number(bill["net"]), number(bill["rate"]), bill["rate_date"]),
                *(number(bill["percent"]), _eligible(bill), number(bill["claimed"])),
                *(", ".join(labels), bill["entered_by"], bill["approved_by"] or ""),
            ]
        )
    columns = (
        *(
            "bill",
            "line",
            "vendor",
            "country",
            "subject",
            "kind",
            "invoice_code",
            "invoice",
            "dated",
            "service",
        ),
        *("currency", "gross", "tax", "net", "rate", "rate_date", "percent", "eligible", "claimed"),
        *("evidence", "entered_by", "approved_by"),
    )
    return Sheet(
        "sheet.expenses",
        [f"column.{name}" for name in columns],
        rows,
        totals=(17, 18),
        links=links,
        link_column=19,
    )


def _eligible(bill: dict[str, Any]) -> Cell:
    return next((Decimal(value) for step, value in bill["steps"] if step == "eligible"), None)


def _payments(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = []
    for bill in parts.contents.expenses:
        for paid in bill["payments"]:
            slip = f"{paid['slip']['evidence']} v{paid['slip']['number']}" if paid["slip"] else ""
            rows.append(
                [
                    *(bill["reference"], both("dossier.payment"), paid["paid_on"], number(paid["amount"])),
                    *(bill["currency"], paid["payer"], word_of("method", paid["method"])),
                    *(paid["bank_reference"], slip),
                ]
            )
        for credit in bill["credits"]:
            paper = credit.get("paper")
            label = f"{paper['evidence']} v{paper['number']}" if paper else ""
            money = -Decimal(credit["gross"])
            name = word_of("credit", credit["kind"])
            rows.append(
                [bill["reference"], name, credit["dated"], money, bill["currency"], "", "", "", label]
            )
    columns = ("bill", "what", "dated", "amount", "currency", "payer", "method", "bank_reference", "evidence")
    return Sheet("sheet.payments", [f"column.{name}" for name in columns], rows)


def _reckoning(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = []
    for bill in parts.contents.expenses:
        rows.extend(
            [bill["reference"], word_of("step", what), number(value), ""] for what, value in bill["steps"]
        )
        rows.extend(
            [bill["reference"], both("dossier.less"), None, word_of("reason", one)] for one in bill["reasons"]
        )
        rows.extend(
            [
                bill["reference"],
                f"{both('dossier.elsewhere')}: {other['call']}",
                number(other["claimed"]),
                f"{other['percent']} %",
            ]
            for other in bill["other_programmes"]
        )
    return Sheet("sheet.reckoning", [f"column.{name}" for name in ("bill", "step", "amount", "note")], rows)


def _reconciliation(parts: Parts) -> Sheet:
    found = parts.comparison
    rows: list[list[Cell]] = []
    for level, kinds in sorted(found["levels"].items()) if found else ():
        for kind, sums in kinds.items():
            for currency, amount in sorted(sums["amounts"].items()) or [("", "0")]:
                rows.append(
                    [
                        *(
                            level,
                            word_of("level", level),
                            word_of("difference", kind),
                            sums["count"],
                            currency,
                        ),
                        *(number(amount), number(sums["differences"].get(currency, "0"))),
                    ]
                )
    columns = ("level", "name", "difference_kind", "count", "currency", "amount", "difference")
    return Sheet("sheet.reconciliation", [f"column.{name}" for name in columns], rows)


def _evidence(parts: Parts, *, with_customers_data: bool) -> Sheet:
    rows: list[list[Cell]] = []
    links = {}
    for proof in parts.contents.proofs:
        is_here = with_customers_data or not proof.has_customers_data
        if is_here:
            links[len(rows)] = proof.path
        rows.append(evidence_row(proof, is_here=is_here))
    columns = ("evidence", "title", "used_for", "issued", "language", "original", "size", "path", "sha256")
    return Sheet("sheet.evidence", [f"column.{name}" for name in columns], rows, links=links)


def _terms() -> Sheet:
    rows: list[list[Cell]] = [
        [words["zh"], words["en"]] for key, words in sorted(all_words().items()) if key.startswith("term.")
    ]
    return Sheet("sheet.terms", ("column.zh", "column.en"), rows)
