"""Read the frozen versions of a project with their dossiers, and what auditors wrote about them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from storefront.subsidies.dossier.contents import Contents
from storefront.subsidies.dossier.parts import contents_of
from storefront.subsidies.models import AuditorFinding, AuditorLink, DossierExport, FrozenVersion, Project

SHOWN_EXPORTS = 10


@dataclass(frozen=True)
class Version:
    """A frozen version, what is in it, and the dossiers that were asked for, the newest first."""

    frozen: FrozenVersion
    exports: list[DossierExport]

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
    def is_waiting(self) -> bool:
        """Say whether a dossier is being made."""
        return any(one.state == DossierExport.WAITING for one in self.exports)

    @property
    def has_changed(self) -> bool:
        """Say whether two exports of the same kind differ: other software writes other bytes."""
        kinds: dict[bool, set[str]] = defaultdict(set)
        for one in self.exports:
            if one.state == DossierExport.MADE:
                kinds[one.with_customers_data].add(one.manifest_sha256)
        return any(len(hashes) > 1 for hashes in kinds.values())


def versions_of(project: Project) -> list[Version]:
    """Return the versions of a project, the newest first, in two queries."""
    exports: dict[int, list[DossierExport]] = defaultdict(list)
    asked = (
        DossierExport.objects.filter(frozen__project=project).select_related("requested_by").order_by("-pk")
    )
    for export in asked:
        if len(exports[export.frozen_id]) < SHOWN_EXPORTS:
            exports[export.frozen_id].append(export)
    versions = project.frozen_versions.select_related("approved_by").order_by("-number")
    return [Version(frozen, exports[frozen.pk]) for frozen in versions]


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
