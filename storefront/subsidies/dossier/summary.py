"""What both the index and the workbook say of a version: the application, its conditions, its proofs."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from storefront.subsidies.dossier.contents import BEIJING, Proof
from storefront.subsidies.dossier.parts import Parts
from storefront.subsidies.dossier.wording import Cell, both


def summary_lines(parts: Parts) -> list[tuple[str, str]]:
    """Return what is known of the application, as pairs of a word's key and a text."""
    body, contents = parts.contents.body, parts.contents
    call, applicant = body["call"], body["applicant"]
    claimed = Decimal(body["claimed"]) if body["claimed"] else None
    return [
        ("dossier.programme", f"{call['name_zh']} / {call['name_en']}"),
        ("dossier.authority", call.get("authority_zh", "")),
        ("field.code", call["code"]),
        ("dossier.applicant", " / ".join(filter(None, (applicant["name_zh"], applicant["name_en"])))),
        ("field.registration_number", applicant["registration_number"]),
        ("dossier.site", body["project"]["site"]),
        ("dossier.first_live", body["project"].get("first_live_on") or ""),
        ("dossier.project", body["project"]["title"]),
        ("dossier.measure_window", " – ".join(call["measure"])),
        ("dossier.cost_window", " – ".join(filter(None, call.get("cost", ())))),
        ("dossier.claimed", f"CNY {claimed:,.2f}" if claimed is not None else "—"),
        ("dossier.version", f"v{contents.number}"),
        ("dossier.frozen_at", f"{contents.frozen_at:%Y-%m-%d %H:%M} (Asia/Shanghai)"),
        ("dossier.approved_by", contents.approved_by),
        ("dossier.version_hash", contents.sha256),
        ("dossier.cut_off", both("dossier.cut_off_rule")),
        ("dossier.source", f"{call['source']} ({call['grade']})"),
    ]


def criterion_rows(parts: Parts) -> Iterator[dict[str, Any]]:
    """Yield the conditions with the figure and the verdict each was frozen with, and the clause it stands on."""
    clauses = {clause["code"]: clause for clause in parts.contents.body["clauses"]}
    figures = {figure["code"]: figure for figure in parts.contents.figures}
    for one in parts.contents.body.get("criteria", ()):
        figure = figures.get(one["figure"])
        yield {
            **one,
            "clause": clauses[one["clause"]],
            "value": figure["value"] if figure else "",
            "verdict": figure["verdict"]
            if figure
            else "attached"
            if one["kind"] == "document"
            else "attested",
        }


def evidence_row(proof: Proof, *, is_here: bool) -> list[Cell]:
    """Return a proof as a line of the index; one that is held back says so where its path would be."""
    return [
        *(proof.label, proof.title, ", ".join(proof.used_for), proof.issued, proof.language),
        *(both("dossier.original") if proof.is_original else both("dossier.copy"), proof.size),
        *(f"data/{proof.path}" if is_here else both("dossier.withheld"), proof.sha256),
    ]


def finding_lines(parts: Parts) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield each finding with when it was written and its answers as one text, in China's time."""
    for one in parts.contents.findings:
        answers = [
            f"{answer['text']}\n— {answer['by']}, {_moment(answer['at'])}" for answer in one["answers"]
        ]
        yield one, _moment(one["written_at"]), "\n".join(answers)


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
