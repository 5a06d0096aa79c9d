"""Read evidence and the log, and see whether they are still what was written."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from storefront.evidence import chain, storage
from storefront.evidence.errors import ChainBroken, EvidenceBroken
from storefront.evidence.models import Event, EventHead, EvidenceVersion

_COLUMNS = ("sequence", "actor", "verb", "subject")


def read_version(version: EvidenceVersion) -> Iterator[bytes]:
    """Return the bytes of a version in chunks; raises EvidenceBroken before the first when they were changed."""
    return storage.read_verified(sha256=version.sha256, name=str(version))


def read_blob(*, sha256: str, name: str) -> Iterator[bytes]:
    """Return the bytes stored under a hash; raises EvidenceBroken, naming `name`, when they were changed."""
    return storage.read_verified(sha256=sha256, name=name)


def check_blob(*, sha256: str, name: str) -> None:
    """Raise EvidenceBroken, naming `name`, unless the bytes stored under a hash have that hash."""
    storage.check_bytes(sha256=sha256, name=name)


def is_whole(version: EvidenceVersion) -> bool:
    """Say whether the stored bytes of a version are the ones that were uploaded."""
    try:
        storage.check_bytes(sha256=version.sha256, name=str(version))
    except EvidenceBroken:
        return False
    return True


def broken_versions() -> Iterator[str]:
    """Read every stored file and yield a sentence for each that is not what was uploaded."""
    for version in EvidenceVersion.objects.select_related("evidence").order_by("pk").iterator(500):
        try:
            storage.check_bytes(sha256=version.sha256, name=str(version))
        except EvidenceBroken as error:
            yield str(error)


def check_chain() -> int:
    """Return how many links the log has; raises ChainBroken, naming the first that does not hold."""
    head = EventHead.objects.get()
    found = chain.first_break(_links(), head_sequence=head.sequence, head_hash=head.hash)
    if found:
        raise ChainBroken(_sentence(found))
    return head.sequence


def _links() -> Iterator[chain.Link]:
    rows = Event.objects.order_by("sequence").values_list(*_COLUMNS, "body", "previous_hash", "hash")
    for *columns, body, previous_hash, own_hash in rows.iterator(2000):
        written = json.loads(body)
        if columns != [written[name] for name in _COLUMNS]:  # a column that disagrees breaks the link too
            own_hash = ""
        yield chain.Link(columns[0], body, previous_hash, own_hash)


def _sentence(found: chain.Break) -> str:
    place = {"number": found.sequence}
    if found.what == "missing":
        return _("Event %(number)d is missing from the log. Restore the log from a backup.") % place
    if found.what == "previous":
        return _("Event %(number)d does not follow the one before it. Restore the log from a backup.") % place
    return _("Event %(number)d was changed after it was written. Restore the log from a backup.") % place
