"""Where the bytes are: private storage, each file under the hash of its content."""

import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from storefront.evidence.errors import EvidenceBroken, FileRefused

MAX_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
HEAD_BYTES = 2048


def blob_name(sha256: str) -> str:
    """Return where the storage keeps the bytes with this hash."""
    return f"{sha256[:2]}/{sha256}"


def store_bytes(chunks: Iterator[bytes]) -> tuple[str, int, bytes]:
    """Keep the bytes and return their SHA-256, their size and how they begin; the same bytes are kept once."""
    digest, size, head = hashlib.sha256(), 0, b""
    with tempfile.TemporaryFile() as copy:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_BYTES:
                raise FileRefused(
                    _("The file is larger than %(limit)d MB. Make it smaller, or split it.")
                    % {"limit": MAX_BYTES // 1024 // 1024}
                )
            digest.update(chunk)
            head += chunk[: HEAD_BYTES - len(head)]
            copy.write(chunk)
        if not size:
            raise FileRefused(_("The file is empty. Choose the file again."))
        _keep(copy, sha256=digest.hexdigest())
    return digest.hexdigest(), size, head


def read_verified(*, sha256: str, name: str) -> Iterator[bytes]:
    """Return the bytes in chunks after reading them once in full to see that they are the ones stored.

    Raises EvidenceBroken, naming `name`, when they are not.
    """
    check_bytes(sha256=sha256, name=name)
    return _chunks(sha256)


def check_bytes(*, sha256: str, name: str) -> None:
    """Raise EvidenceBroken, naming `name`, unless the stored bytes have this hash."""
    if not evidence_storage().exists(blob_name(sha256)):
        raise EvidenceBroken(
            _("%(name)s: its file is gone from the storage. Restore it from a backup.") % {"name": name}
        )
    digest = hashlib.sha256()
    for chunk in _chunks(sha256):
        digest.update(chunk)
    if digest.hexdigest() != sha256:
        raise EvidenceBroken(
            _(
                "%(name)s: its file was changed after it was stored (SHA-256 %(found)s, stored %(stored)s)."
                " Restore it from a backup."
            )
            % {"name": name, "found": digest.hexdigest()[:12], "stored": sha256[:12]}
        )


def evidence_storage() -> Storage:
    """Return the private storage: no address leads to it but the pages that ask who one is."""
    return storages["evidence"]


def _chunks(sha256: str) -> Iterator[bytes]:
    with evidence_storage().open(blob_name(sha256), "rb") as file:
        yield from iter(lambda: file.read(CHUNK_BYTES), b"")


def _keep(copy: IO[bytes], *, sha256: str) -> None:
    storage, name = evidence_storage(), blob_name(sha256)
    if storage.exists(name):
        check_bytes(sha256=sha256, name=sha256)
        return
    copy.seek(0)
    kept = storage.save(name, File(copy))
    if kept != name:  # another upload of the same bytes was faster
        storage.delete(kept)
