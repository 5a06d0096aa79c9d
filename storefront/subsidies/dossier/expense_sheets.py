"""The bills of a version as sheets: the ledger, the payments, and how each sum was reckoned."""

from decimal import Decimal
from typing import Any

from storefront.subsidies.dossier.parts import Parts
from storefront.subsidies.dossier.sheet import Sheet
from storefront.subsidies.dossier.wording import Cell, both, number, word_of

_STEP_UNITS = {
    "gross": "CNY",
    "base": "CNY",
    "eligible": "CNY",
}  # written with two places, whatever the currency


def expense_sheet(parts: Parts) -> Sheet:
    """Return the bills as printed, what of each counts, and what is claimed."""
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
                *(
                    " – ".join(filter(None, bill["service"])),
                    bill["currency"],
                    number(bill["gross"], bill["currency"]),
                ),
                *(
                    number(bill["tax"], bill["currency"]),
                    number(bill["net"], bill["currency"]),
                    number(bill["rate"]),
                    bill["rate_date"],
                ),
                *(number(bill["percent"]), _eligible(bill), number(bill["claimed"], "CNY")),
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
    return next((number(value, "CNY") for step, value in bill["steps"] if step == "eligible"), None)


def payment_sheet(parts: Parts) -> Sheet:
    """Return what was paid for each bill, and what the vendor gave back."""
    rows: list[list[Cell]] = []
    for bill in parts.contents.expenses:
        for paid in bill["payments"]:
            slip = f"{paid['slip']['evidence']} v{paid['slip']['number']}" if paid["slip"] else ""
            rows.append(
                [
                    *(
                        bill["reference"],
                        both("dossier.payment"),
                        paid["paid_on"],
                        number(paid["amount"], bill["currency"]),
                    ),
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


def reckoning_sheet(parts: Parts) -> Sheet:
    """Return how each eligible sum was reckoned, step by step, and what other programmes have of the bill."""
    rows: list[list[Cell]] = []
    for bill in parts.contents.expenses:
        rows.extend(
            [bill["reference"], word_of("step", what), number(value, _STEP_UNITS.get(what, "")), ""]
            for what, value in bill["steps"]
        )
        rows.extend(
            [bill["reference"], both("dossier.less"), None, word_of("reason", one)] for one in bill["reasons"]
        )
        rows.extend(
            [
                bill["reference"],
                f"{both('dossier.elsewhere')}: {other['call']}",
                number(other["claimed"], "CNY"),
                f"{other['percent']} %",
            ]
            for other in bill["other_programmes"]
        )
    return Sheet("sheet.reckoning", [f"column.{name}" for name in ("bill", "step", "amount", "note")], rows)
