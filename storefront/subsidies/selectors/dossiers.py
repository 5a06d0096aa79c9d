"""Read the frozen versions of a project with their dossiers, and what auditors wrote about them."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet

from storefront.subsidies.dossier.contents import Contents
from storefront.subsidies.dossier.parts import contents_of
from storefront.subsidies.models import AuditorFinding, AuditorLink, DossierExport, FrozenVersion, Project
from storefront.subsidies.speech import say

SHOWN_EXPORTS = 10
LONGEST = timedelta(hours=1)
INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Version:
    """A frozen version, what is in it, and the dossiers that were asked for, the newest first."""

    frozen: FrozenVersion
    exports: list[DossierExport]
    now: datetime

    @property
    def fault(self) -> str:
        """What is wrong with its very text; empty for one that is as it was frozen."""
        is_whole = hashlib.sha256(self.frozen.body.encode()).hexdigest() == self.frozen.sha256
        return "" if is_whole else say("dossier.fault_version", number=self.frozen.number)

    @cached_property
    def contents(self) -> Contents:
        """What is in it."""
        return contents_of(self.frozen)

    @property
    def size(self) -> int:
        """How many bytes its originals have, as far as the version tells."""
        return sum(proof.size or 0 for proof in self.contents.proofs)

    @property
    def held_back(self) -> int:
        """How many originals hold customers' data."""
        return sum(proof.has_customers_data for proof in self.contents.proofs)

    @property
    def rows(self) -> list[tuple[DossierExport, str]]:
        """Its dossiers, each with its state; one that waits for longer than any takes was interrupted."""
        return [(one, self._state(one)) for one in self.exports]

    @property
    def is_waiting(self) -> bool:
        """Say whether a dossier is being made."""
        return any(state == DossierExport.WAITING for _, state in self.rows)

    @property
    def has_changed(self) -> bool:
        """Say whether two exports of the same kind differ: other software writes other bytes."""
        kinds: dict[bool, set[str]] = defaultdict(set)
        for one in self.exports:
            if one.state == DossierExport.MADE:
                kinds[one.with_customers_data].add(one.manifest_sha256)
        return any(len(hashes) > 1 for hashes in kinds.values())

    def _state(self, export: DossierExport) -> str:
        is_late = self.now - export.requested_at > LONGEST
        return INTERRUPTED if export.state == DossierExport.WAITING and is_late else export.state


def versions_of(project: Project, *, now: datetime) -> list[Version]:
    """Return the versions of a project, the newest first, in two queries."""
    exports: dict[int, list[DossierExport]] = defaultdict(list)
    asked = (
        DossierExport.objects.filter(frozen__project=project).select_related("requested_by").order_by("-pk")
    )
    for export in asked:
        if len(exports[export.frozen_id]) < SHOWN_EXPORTS:
            exports[export.frozen_id].append(export)
    versions = project.frozen_versions.select_related("approved_by").order_by("-number")
    return [Version(frozen, exports[frozen.pk], now) for frozen in versions]


def export_of(project: Project, *, export_id: int) -> QuerySet[DossierExport]:
    """Return the dossier with this key, if it is the project's."""
    rows = DossierExport.objects.select_related("frozen__project", "frozen__approved_by", "requested_by")
    return rows.filter(pk=export_id, frozen__project=project)


def links_of(project: Project) -> QuerySet[AuditorLink]:
    """Return whom a project was shown to, the newest first; one query."""
    links = AuditorLink.objects.filter(frozen__project=project)
    return links.select_related("frozen", "created_by", "revoked_by").order_by("-pk")


def findings_of(project: Project) -> QuerySet[AuditorFinding]:
    """Return what auditors wrote about a project with every answer, the newest first; two queries."""
    findings = AuditorFinding.objects.filter(link__frozen__project=project)
    return findings.select_related("link__frozen").prefetch_related("answers__answered_by").order_by("-pk")
