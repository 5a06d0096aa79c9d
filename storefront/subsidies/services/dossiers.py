"""Ask for a dossier, make it in the background, and hand it out: each written into the log."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import get_language, override

from storefront.evidence.storage import CHUNK_BYTES, evidence_storage
from storefront.subsidies import workflow
from storefront.subsidies.dossier.build import Written, write_dossier
from storefront.subsidies.dossier.parts import Fault, find_faults
from storefront.subsidies.errors import DossierRefused, EntryRefused
from storefront.subsidies.models import DossierExport, FrozenVersion
from storefront.subsidies.services.versions import log_of_version, roles_in
from storefront.subsidies.speech import say

logger = logging.getLogger(__name__)


@transaction.atomic
def request_dossier(
    *, frozen: FrozenVersion, by: Any, now: datetime, with_customers_data: bool = False, reason: str = ""
) -> DossierExport:
    """Ask for a version's dossier and return the request; the worker makes it after commit.

    Any member of the project may; originals with customers' data only the legal representative lets go, with a
    reason. Raises EntryRefused.
    """
    _check_may(frozen, by=by, with_customers_data=with_customers_data)
    if with_customers_data and not reason.strip():
        raise EntryRefused(say("refused.dossier_reason"))
    export = DossierExport.objects.create(
        frozen=frozen,
        with_customers_data=with_customers_data,
        reason=reason.strip(),
        language=get_language() or "en",
        requested_by=by,
        requested_at=now,
    )
    _log(export, "dossier.requested", by=by, now=now, reason=export.reason)
    return export


def make_dossier(export: DossierExport, *, now: datetime) -> DossierExport:
    """Make what was asked for and return it, made or refused; one that is finished stays as it is."""
    if export.state != DossierExport.WAITING:
        return export
    with TemporaryFile() as file, override(export.language):
        try:
            written = write_dossier(export.frozen, file, with_customers_data=export.with_customers_data)
            sha256, size = _digest(file)
            _keep(file, sha256=sha256)
        except DossierRefused as refusal:
            faults = [fault.sentence for fault in find_faults(export.frozen)] or [str(refusal)]
            return _refuse(export, faults, now=now)
        except Exception:
            logger.exception("Dossier %s could not be made", export.pk)
            return _refuse(export, [say("dossier.failed")], now=now)
        return _finish(export, written, sha256=sha256, size=size, now=now)


def check_version(*, frozen: FrozenVersion, by: Any, now: datetime) -> list[Fault]:
    """Read everything a version stands on; return what is not as it was frozen, and log that it was looked at."""
    _check_may(frozen, by=by, with_customers_data=False)
    faults = find_faults(frozen)
    log_of_version(frozen, "dossier.checked", by=by, now=now, faults=[fault.about for fault in faults])
    return faults


def hand_out(*, export: DossierExport, by: Any, now: datetime) -> Iterator[bytes]:
    """Return the bytes of a dossier that was made, and log who has them. Raises EntryRefused or DossierRefused."""
    _check_may(export.frozen, by=by, with_customers_data=export.with_customers_data)
    if export.state != DossierExport.MADE or not evidence_storage().exists(file_name(export.sha256)):
        raise DossierRefused(say("dossier.file_gone"))
    if _digest(_open(export))[0] != export.sha256:
        raise DossierRefused(say("dossier.file_changed"))
    _log(export, "dossier.handed_out", by=by, now=now, sha256=export.sha256)
    return _chunks(_open(export))


def file_name(sha256: str) -> str:
    """Return where the private storage keeps a dossier."""
    return f"dossiers/{sha256}.zip"


def _check_may(frozen: FrozenVersion, *, by: Any, with_customers_data: bool) -> None:
    roles = roles_in(frozen.project, by=by)
    if with_customers_data and workflow.SIGNER not in roles:
        raise EntryRefused(say("refused.dossier_signer"))


@transaction.atomic
def _finish(
    export: DossierExport, written: Written, *, sha256: str, size: int, now: datetime
) -> DossierExport:
    export = DossierExport.objects.select_for_update().get(pk=export.pk)
    if export.state != DossierExport.WAITING:
        return export
    export.state, export.finished_at = DossierExport.MADE, now
    export.name, export.manifest_sha256 = written.name, written.manifest_sha256
    export.sha256, export.size, export.withheld = sha256, size, written.withheld
    export.save()
    _log(
        export,
        "dossier.exported",
        by=export.requested_by,
        now=now,
        sha256=sha256,
        manifest_sha256=written.manifest_sha256,
    )
    return export


@transaction.atomic
def _refuse(export: DossierExport, faults: list[str], *, now: datetime) -> DossierExport:
    export = DossierExport.objects.select_for_update().get(pk=export.pk)
    if export.state != DossierExport.WAITING:
        return export
    export.state, export.finished_at, export.faults = DossierExport.REFUSED, now, faults
    export.save()
    _log(export, "dossier.refused", by=export.requested_by, now=now, faults=faults)
    return export


def _log(export: DossierExport, verb: str, *, by: Any, now: datetime, **details: Any) -> None:
    flag = export.with_customers_data
    log_of_version(export.frozen, verb, by=by, now=now, export=export.pk, with_customers_data=flag, **details)


def _keep(file: IO[bytes], *, sha256: str) -> None:
    storage, name = evidence_storage(), file_name(sha256)
    if storage.exists(name):  # the same version gives the same bytes; what was changed there is written anew
        storage.delete(name)
    file.seek(0)
    kept = storage.save(name, File(file))
    if kept != name:  # another export of the same bytes was faster
        storage.delete(kept)


def _digest(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _open(export: DossierExport) -> Any:
    return evidence_storage().open(file_name(export.sha256), "rb")


def _chunks(file: Any) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(CHUNK_BYTES), b"")
