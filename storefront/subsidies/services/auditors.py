"""Let an auditor look at one frozen version for a while; what they find and what is answered stays as written."""

import hashlib
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from storefront.subsidies.errors import AuditorRefused, EntryRefused
from storefront.subsidies.models import AuditorFinding, AuditorLink, FindingAnswer, FrozenVersion
from storefront.subsidies.secret_keys import key_hash
from storefront.subsidies.services.versions import log_of_version, roles_in
from storefront.subsidies.speech import say

MOST_DAYS = 90
MOST_LETTERS = 5000


@transaction.atomic
def invite_auditor(
    *, frozen: FrozenVersion, auditor: str, days: int, by: Any, now: datetime
) -> tuple[AuditorLink, str]:
    """Open a version to somebody for some days; return the link and its key, which is told this once only."""
    roles_in(frozen.project, by=by)
    if not auditor.strip():
        raise EntryRefused(say("refused.auditor_name"))
    if not 1 <= days <= MOST_DAYS:
        raise EntryRefused(say("refused.auditor_days", most=MOST_DAYS))
    key = secrets.token_urlsafe(32)
    link = AuditorLink.objects.create(
        frozen=frozen,
        auditor=auditor.strip(),
        key_sha256=key_hash(key),
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _log(link, "auditor.invited", by=by, now=now, expires_at=link.expires_at.isoformat())
    return link, key


@transaction.atomic
def revoke_link(*, link: AuditorLink, by: Any, now: datetime) -> AuditorLink:
    """Close a link at once and return it; one that is closed stays as it was."""
    roles_in(link.frozen.project, by=by)
    link = (
        AuditorLink.objects.select_for_update(of=("self",)).select_related("frozen__project").get(pk=link.pk)
    )
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, by
        link.save(update_fields=["revoked_at", "revoked_by"])
        _log(link, "auditor.revoked", by=by, now=now)
    return link


def open_link(*, link_id: int, key: str, now: datetime) -> AuditorLink:
    """Return the link with this key. Raises AuditorRefused for a wrong key, and once it is over or was closed."""
    rows = AuditorLink.objects.select_related("frozen__project", "frozen__approved_by")
    link = rows.filter(pk=link_id).first()
    if link is None or not secrets.compare_digest(link.key_sha256, key_hash(key)):
        raise AuditorRefused(say("audit.unknown"))
    if link.revoked_at is not None:
        raise AuditorRefused(say("audit.revoked"))
    if now >= link.expires_at:
        raise AuditorRefused(say("audit.over"))
    return link


def record_visit(*, link: AuditorLink, verb: str, now: datetime, **details: Any) -> None:
    """Write into the log what an auditor looked at."""
    _log(link, verb, by=link, now=now, **details)


@transaction.atomic
def write_finding(
    *, link: AuditorLink, about: str, gravity: str, text: str, disallowed: Decimal | None, now: datetime
) -> AuditorFinding:
    """Keep what an auditor found, as it was written. Raises EntryRefused."""
    text = text.strip()
    if not text or len(text) > MOST_LETTERS:
        raise EntryRefused(say("refused.finding_text", most=MOST_LETTERS))
    if gravity not in AuditorFinding.GRAVITIES or (disallowed is not None and disallowed < 0):
        raise EntryRefused(say("refused.form"))
    finding = AuditorFinding.objects.create(
        link=link, about=about.strip()[:60], gravity=gravity, text=text, disallowed=disallowed, written_at=now
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    _log(link, "auditor.finding", by=link, now=now, finding=str(finding), about=finding.about, sha256=digest)
    return finding


@transaction.atomic
def answer_finding(*, finding: AuditorFinding, text: str, by: Any, now: datetime) -> FindingAnswer:
    """Keep what a member answers; a later answer stands beside it. Raises EntryRefused."""
    roles_in(finding.link.frozen.project, by=by)
    text = text.strip()
    if not text or len(text) > MOST_LETTERS:
        raise EntryRefused(say("refused.finding_text", most=MOST_LETTERS))
    answer = FindingAnswer.objects.create(finding=finding, text=text, answered_by=by, answered_at=now)
    digest = hashlib.sha256(text.encode()).hexdigest()
    _log(finding.link, "auditor.answered", by=by, now=now, finding=str(finding), sha256=digest)
    return answer


def _log(link: AuditorLink, verb: str, *, by: Any, now: datetime, **details: Any) -> None:
    log_of_version(link.frozen, verb, by=by, now=now, link=link.pk, auditor=link.auditor, **details)
