"""The sheets of the workbook as plain rows: what the dossier says, in Chinese and English side by side."""

from storefront.subsidies.dossier.expense_sheets import expense_sheet, payment_sheet, reckoning_sheet
from storefront.subsidies.dossier.parts import Parts
from storefront.subsidies.dossier.sheet import Sheet
from storefront.subsidies.dossier.summary import criterion_rows, evidence_row, finding_lines, summary_lines
from storefront.subsidies.dossier.wording import Cell, both, is_money, number, word_of
from storefront.subsidies.words import all_words


def sheets_of(parts: Parts, *, with_customers_data: bool) -> list[Sheet]:
    """Return every sheet of the workbook, in order."""
    return [
        _summary(parts),
        _criteria(parts),
        _figures(parts),
        _months(parts),
        expense_sheet(parts),
        payment_sheet(parts),
        reckoning_sheet(parts),
        _reconciliation(parts),
        *([_findings(parts)] if parts.contents.findings else ()),
        _evidence(parts, with_customers_data=with_customers_data),
        _terms(),
    ]


def _summary(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = [[both(key), text] for key, text in summary_lines(parts)]
    return Sheet("sheet.summary", ("column.what", "column.value"), rows)


def _criteria(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = [
        [
            *(
                one["code"],
                one["zh"],
                one["en"],
                one["figure"],
                number(one["value"], one["unit"]),
                one["operator"],
            ),
            *(number(one["threshold"], one["unit"]), one["unit"], word_of("verdict", one["verdict"])),
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
                *(one["code"], both(f"kpi.{one['code']}"), number(one["value"], one["unit"]), one["unit"]),
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
    """Sales by month, once for each currency and way of counting, not once more for every figure over them."""
    rows: list[list[Cell]] = []
    told = set()
    for one in parts.contents.figures:
        body = parts.figure(one["code"])
        kind = (body["basis"], body["unit"])
        if body["months"] and is_money(body["unit"]) and kind not in told:
            told.add(kind)
            rows.extend(
                [month, number(value, body["unit"]), body["unit"], word_of("basis", body["basis"])]
                for month, value in sorted(body["months"].items())
            )
    return Sheet("sheet.months", [f"column.{name}" for name in ("month", "value", "currency", "basis")], rows)


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
                        *(number(amount, currency), number(sums["differences"].get(currency, "0"), currency)),
                    ]
                )
    columns = ("level", "name", "difference_kind", "count", "currency", "amount", "difference")
    return Sheet("sheet.reconciliation", [f"column.{name}" for name in columns], rows)


def _findings(parts: Parts) -> Sheet:
    rows: list[list[Cell]] = [
        [
            *(one["finding"], f"v{one['version']}", one["auditor"], at, word_of("gravity", one["gravity"])),
            *(one["about"], one["text"], number(one["disallowed"], "CNY"), answers),
        ]
        for one, at, answers in finding_lines(parts)
    ]
    columns = (
        "finding",
        "version",
        "auditor",
        "written",
        "gravity",
        "about",
        "found",
        "disallowed",
        "answers",
    )
    return Sheet("sheet.findings", [f"column.{name}" for name in columns], rows)


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
