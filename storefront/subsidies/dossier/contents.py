"""What a frozen version holds, read from the very text that was hashed: its parts, and where each proof lies."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
CUSTOMERS = 2  # evidence.models.PersonalData.CUSTOMERS
_SUFFIXES = {
    "pdf": (".pdf",),
    "xml": (".xml",),
    "ofd": (".ofd",),
    "image": (".png", ".jpg", ".jpeg"),
    "csv": (".csv", ".txt"),
    "xlsx": (".xlsx",),
}
SALES, EXPENSES, AUDIT, AUTHORITY, OTHER = "05_SALES", "06_EXPENSES", "07_AUDIT", "08_AUTHORITY", "09_OTHER"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A stored file that the version names, and its place in the dossier."""

    number: str
    version: int
    title: str
    sha256: str
    size: int | None
    kind: str
    is_original: bool
    language: str
    issued: str
    personal_data: int
    path: str
    used_for: tuple[str, ...]

    @property
    def label(self) -> str:
        """E-0001 v1."""
        return f"{self.number} v{self.version}"

    @property
    def file_label(self) -> str:
        """E-0001_v1, for names and addresses."""
        return f"{self.number}_v{self.version}"

    @property
    def has_customers_data(self) -> bool:
        """Say whether it leaves the house only where somebody allowed it."""
        return self.personal_data >= CUSTOMERS


@dataclass(frozen=True)
class Contents:
    """A frozen version as its text has it."""

    text: str
    sha256: str
    approved_by: str = ""

    @cached_property
    def body(self) -> dict[str, Any]:
        """The parsed text."""
        return json.loads(self.text)  # type: ignore[no-any-return]

    @property
    def number(self) -> int:
        """Which version of the project it is."""
        return int(self.body["version"])

    @property
    def frozen_at(self) -> datetime:
        """When it was frozen, in China's time."""
        return datetime.fromisoformat(self.body["frozen_at"]).astimezone(BEIJING)

    @property
    def name(self) -> str:
        """The dossier's name: call, site, version, day; ASCII, because zips garble anything else on old systems."""
        site = re.sub(r"[^a-z0-9]+", "-", self.body["project"]["site"].lower()).strip("-")
        return f"{self.body['call']['code']}_{site}_v{self.number}_{self.frozen_at:%Y%m%d}"

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The figures, each with the hash of what was taken and of its rows."""
        return list(self.body["figures"])

    @property
    def expenses(self) -> list[dict[str, Any]]:
        """The bills with their papers, payments, credits and reckoning."""
        return list(self.body["expenses"])

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What auditors found in the versions before, with what was answered; what was frozen earlier has none."""
        return list(self.body.get("findings", ()))

    @cached_property
    def proofs(self) -> list[Proof]:
        """Every stored file, each once, in the order of its path."""
        found: dict[tuple[str, int], tuple[dict[str, Any], str, list[str]]] = {}
        for record, folder, used_for in self._named():
            key = (record["evidence"], record["number"])
            found.setdefault(key, (record, folder, []))[2].append(used_for)
        proofs = [
            _proof(record, folder, tuple(dict.fromkeys(uses))) for record, folder, uses in found.values()
        ]
        return sorted(proofs, key=lambda proof: proof.path)

    def proof(self, label: str) -> Proof | None:
        """Return the proof called `E-0001 v1`."""
        return next((one for one in self.proofs if one.label == label), None)

    def _named(self) -> Iterator[tuple[dict[str, Any], str, str]]:
        for document in self.body["documents"]:
            folder = document["folder"]
            yield document, folder if re.fullmatch(r"\d\d_[A-Z]+", folder) else OTHER, document["zh"]
        for bill in self.expenses:
            folder = f"{EXPENSES}/{bill['reference']}"
            for paper in bill["papers"]:
                yield paper, folder, bill["reference"]
            for paid in bill["payments"]:
                if paid["slip"]:
                    yield paid["slip"], folder, bill["reference"]
            for credit in bill["credits"]:
                if credit.get("paper"):
                    yield credit["paper"], folder, bill["reference"]
        for figure in self.figures:
            yield _rows_record(figure), SALES, figure["code"]
        if self.body.get("reconciliation"):
            yield self.body["reconciliation"]["items"], AUDIT, "R1–R7"
        if self.body.get("notice"):
            yield self.body["notice"], AUTHORITY, "申报通知 notice"


def _rows_record(figure: dict[str, Any]) -> dict[str, Any]:
    number, version = figure["rows"]["evidence"].split(" v")
    return {
        "evidence": number,
        "number": int(version),
        "title": f"指标明细（{figure['rows']['count']} 行）/ rows behind figures",
        "sha256": figure["rows"]["sha256"],
        "kind": "csv",
    }


def _proof(record: dict[str, Any], folder: str, used_for: tuple[str, ...]) -> Proof:
    return Proof(
        number=record["evidence"],
        version=record["number"],
        title=record["title"],
        sha256=record["sha256"],
        size=record.get("size"),
        kind=record["kind"],
        is_original=record.get("original", True),
        language=record.get("language", ""),
        issued=record.get("issued") or "",
        personal_data=record.get("personal_data", 0),
        path=f"{folder}/{record['evidence']}_v{record['number']}{_suffix(record)}",
        used_for=used_for,
    )


def _suffix(record: dict[str, Any]) -> str:
    accepted = _SUFFIXES[record["kind"]]
    suffix = PurePath(record.get("file", "")).suffix.lower()
    return suffix if suffix in accepted else accepted[0]
