"""Read what a frozen version names, and say of each part that is not what was frozen which it is."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storefront.evidence.errors import ChainBroken, EvidenceBroken
from storefront.evidence.models import Event
from storefront.evidence.selectors import check_blob, check_chain
from storefront.subsidies.dossier.contents import Contents, Proof
from storefront.subsidies.models import FrozenVersion, KpiSnapshot, Reconciliation
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class Parts:
    """A version with the texts it names: each figure as taken, and the reconciliation."""

    contents: Contents
    figures: dict[str, str]
    reconciliation: str

    def figure(self, code: str) -> dict[str, Any]:
        """Return a figure as it was taken: its months, variants, exclusions, rule of exchange."""
        return json.loads(self.figures[code])  # type: ignore[no-any-return]

    @property
    def comparison(self) -> dict[str, Any] | None:
        """Return the reconciliation as it was made, if there is one."""
        return json.loads(self.reconciliation) if self.reconciliation else None


@dataclass(frozen=True)
class Fault:
    """A part that is not what was frozen, and the sentence that says so."""

    about: str
    sentence: str


def contents_of(frozen: FrozenVersion) -> Contents:
    """Return a version's contents; whether they are what was hashed is `find_faults`' to say."""
    return Contents(text=frozen.body, sha256=frozen.sha256, approved_by=frozen.approved_by.get_username())


def read_parts(frozen: FrozenVersion) -> Parts:
    """Return a version with its texts, two queries. Texts that are not what was frozen are left out."""
    contents = contents_of(frozen)
    wanted = {one["snapshot"]: one for one in contents.figures}
    rows = KpiSnapshot.objects.filter(pk__in=wanted, project=frozen.project_id).order_by("pk")
    figures = {row.kpi_code: row.body for row in rows if _digest(row.body) == wanted[row.pk]["sha256"]}
    record = contents.body.get("reconciliation")
    made = Reconciliation.objects.filter(pk=record["reconciliation"]).first() if record else None
    is_whole = made is not None and _digest(made.body) == record["sha256"]
    return Parts(contents, figures, made.body if made and is_whole else "")


def find_faults(frozen: FrozenVersion) -> list[Fault]:
    """Read everything a version stands on, and return what is not as it was frozen; empty for a good one."""
    if _digest(frozen.body) != frozen.sha256:
        return [Fault(f"v{frozen.number}", say("dossier.fault_version", number=frozen.number))]
    parts = read_parts(frozen)
    return [*_log_faults(parts.contents), *_text_faults(parts), *_file_faults(parts.contents.proofs)]


def _log_faults(contents: Contents) -> Iterator[Fault]:
    head = contents.body["log_head"]
    try:
        check_chain()
    except ChainBroken as error:
        yield Fault("log", str(error))
        return
    if head["sequence"] and not Event.objects.filter(sequence=head["sequence"], hash=head["hash"]).exists():
        yield Fault("log", say("dossier.fault_log_head", number=head["sequence"]))


def _text_faults(parts: Parts) -> Iterator[Fault]:
    for one in parts.contents.figures:
        if one["code"] not in parts.figures:
            yield Fault(one["code"], say("refused.snapshot", code=one["code"], number=one["snapshot"]))
    if parts.contents.body.get("reconciliation") and not parts.reconciliation:
        label = parts.contents.body["reconciliation"]["items"]["evidence"]
        yield Fault("R1–R7", say("refused.reconciliation", evidence=label))


def _file_faults(proofs: list[Proof]) -> Iterator[Fault]:
    for proof in proofs:
        try:
            check_blob(sha256=proof.sha256, name=f"{proof.label} {proof.title}")
        except EvidenceBroken as error:
            yield Fault(proof.label, str(error))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
