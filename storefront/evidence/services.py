"""Every write of this app: store a file, replace it by a new version, write the log."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from storefront.evidence import chain, kinds, storage
from storefront.evidence.errors import FileRefused
from storefront.evidence.models import Event, EventHead, Evidence, EvidenceVersion, PersonalData


def store_evidence(
    *,
    chunks: Iterator[bytes],
    file_name: str,
    title: str,
    kind: str,
    by: Any,
    now: datetime,
    issuer: str = "",
    subject: str = "",
    language: str = "",
    translation_of: Evidence | None = None,
    is_original: bool = True,
    issue_date: date | None = None,
    period_from: date | None = None,
    period_to: date | None = None,
    personal_data: int = PersonalData.BUSINESS,
) -> EvidenceVersion:
    """Store a file as new evidence and return its first version. Raises FileRefused; then nothing was stored."""
    stored = _store(chunks, file_name=file_name)
    with transaction.atomic():
        evidence = Evidence.objects.create(
            title=title,
            kind=kind,
            issuer=issuer,
            subject=subject,
            language=language,
            translation_of=translation_of,
            is_original=is_original,
            issue_date=issue_date,
            period_from=period_from,
            period_to=period_to,
            personal_data=personal_data,
            created_at=now,
        )
        return _add_version(evidence, number=1, stored=stored, by=by, now=now, reason="")


def replace_evidence(
    *, evidence: Evidence, chunks: Iterator[bytes], file_name: str, reason: str, by: Any, now: datetime
) -> EvidenceVersion:
    """Add a version to evidence and return it; the ones before stay readable. Raises FileRefused without a reason."""
    if not reason.strip():
        raise FileRefused(_("Say why the new file replaces the one before."))
    stored = _store(chunks, file_name=file_name)
    with transaction.atomic():
        _lock_head()
        last = evidence.versions.aggregate(last=Max("number"))["last"]
        return _add_version(evidence, number=last + 1, stored=stored, by=by, now=now, reason=reason.strip())


@transaction.atomic
def record_event(*, verb: str, subject: str, by: Any, now: datetime, **details: Any) -> Event:
    """Append what happened to the log; call it in the transaction of what happened."""
    head = _lock_head()
    actor = by.get_username() if by else "system"
    body = chain.canonical(
        {
            "sequence": head.sequence + 1,
            "at": now.astimezone(UTC).isoformat(),
            "actor": actor,
            "verb": verb,
            "subject": subject,
            "details": details,
        }
    )
    event = Event.objects.create(
        sequence=head.sequence + 1,
        at=now,
        actor=actor,
        verb=verb,
        subject=subject,
        body=body,
        previous_hash=head.hash,
        hash=chain.link_hash(previous_hash=head.hash, body=body),
    )
    EventHead.objects.filter(pk=head.pk).update(sequence=event.sequence, hash=event.hash)
    return event


def _lock_head() -> EventHead:
    return EventHead.objects.select_for_update().get()


def _store(chunks: Iterator[bytes], *, file_name: str) -> tuple[str, int, str, str]:
    sha256, size, head = storage.store_bytes(chunks)
    name = PurePath(file_name.replace("\\", "/")).name[-200:]
    file_kind = kinds.detect_kind(head=head, name=name)
    if not file_kind:
        raise FileRefused(
            _("%(name)s is not accepted as evidence. Upload a PDF, XML, OFD, PNG, JPEG, CSV or XLSX file.")
            % {"name": name}
        )
    return sha256, size, file_kind, name


def _add_version(
    evidence: Evidence, *, number: int, stored: tuple[str, int, str, str], by: Any, now: datetime, reason: str
) -> EvidenceVersion:
    sha256, size, file_kind, name = stored
    version = EvidenceVersion.objects.create(
        evidence=evidence,
        number=number,
        sha256=sha256,
        size=size,
        file_kind=file_kind,
        file_name=name,
        uploaded_by=by,
        uploaded_at=now,
        reason=reason,
    )
    record_event(
        verb="evidence.stored",
        subject=evidence.number,
        by=by,
        now=now,
        version=number,
        sha256=sha256,
        size=size,
        file_name=name,
        title=evidence.title,
        reason=reason,
    )
    return version
