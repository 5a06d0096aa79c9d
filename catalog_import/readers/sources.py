"""Where bytes come from: files, folders, members of a zip archive; gzip is undone, bombs are not opened."""

import gzip
import io
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from catalog_import.errors import UnreadableFile
from catalog_import.errors import gettext_noop as _

MAX_FILE_BYTES = 600_000_000
MAX_UNPACKED_BYTES = 1_500_000_000
MAX_RATIO = 200
"""A listings report shrinks to a tenth, one of equal rows to a fiftieth; what shrinks further is no report."""
RATIO_COUNTS_FROM_BYTES = 50_000_000
MAX_MEMBERS = 10_000

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_WORKBOOK_MEMBERS = frozenset(["xl/workbook.xml", "xl/workbook.bin", "content.xml"])


@dataclass(frozen=True, slots=True)
class Source:
    """One file's bytes, readable from the start as often as asked; `is_named` when the merchant gave it "
    "by itself."""

    name: str
    is_named: bool
    open_raw: Callable[[], IO[bytes]]
    is_gzip: bool = False

    def open(self) -> IO[bytes]:
        """Return a stream of the bytes, unpacked; raises UnreadableFile."""
        try:
            raw = self.open_raw()
            return gzip.GzipFile(fileobj=raw) if self.is_gzip else raw  # type: ignore[return-value]
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise UnreadableFile(
                _("%(name)s: the file cannot be opened (%(reason)s)."), name=self.name, reason=reason
            ) from error


def expand_sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Yield every file named, in a folder, or in a zip archive; what cannot be opened says so when it is opened."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file():
                    yield from _open_file(inner, str(inner.relative_to(path)), is_named=False)
        else:
            yield from _open_file(path, path.name, is_named=True)


def check_ratio(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """Raise UnreadableFile for an archive that unpacks to far more than a file from Amazon would."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or (
        unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * max(packed, 1)
    ):
        raise UnreadableFile(
            _(
                "%(name)s unpacks to %(limit)s MB, far more than a file from Amazon would, and is not "
                "opened. Give the files inside it one by one."
            ),
            name=name,
            limit=unpacked // 1_000_000,
        )


def _open_file(path: Path, name: str, *, is_named: bool) -> Iterator[Source]:
    name = Path(name).name
    source = Source(name, is_named, lambda: path.open("rb"))
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
        size = path.stat().st_size
    except OSError:
        yield source
        return
    if size > MAX_FILE_BYTES:
        large = _("%(name)s is larger than %(limit)s MB. Export it in parts.")
        yield _refused(name, is_named, UnreadableFile(large, name=name, limit=MAX_FILE_BYTES // 1_000_000))
    elif start.startswith(_GZIP):
        yield Source(name, is_named, source.open_raw, is_gzip=True)
    elif start == _ZIP:
        yield from _look_into(path, source)
    else:
        yield source


def _look_into(path: Path, source: Source) -> Iterator[Source]:
    """Yield a workbook as it is, and of any other zip archive its members.

    The archive stays open while one of its members may be read: its directory, of thousands of pictures, is read once.
    """
    name = source.name
    try:
        archive = _Archive(path)
        members = archive.members()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        damaged = UnreadableFile(_("%(name)s is a damaged archive. Download it again."), name=name)
        yield _refused(name, source.is_named, damaged)
        return
    if any(member.filename in _WORKBOOK_MEMBERS for member in members):
        yield source
        return
    files = [member for member in members if not member.is_dir() and "__MACOSX/" not in member.filename]
    try:
        check_ratio(name, files)
    except UnreadableFile as refusal:
        yield _refused(name, source.is_named, refusal)
        return
    if len(files) > MAX_MEMBERS:
        many = _("%(name)s holds more than %(limit)s files. Give it in parts.")
        yield _refused(name, source.is_named, UnreadableFile(many, name=name, limit=MAX_MEMBERS))
        return
    for member in sorted(files, key=lambda each: each.filename):
        yield _open_member(archive, f"{path.name}/{member.filename}", member)


class _Archive:
    """A zip archive, opened once by each process: two that read from one place would take each other's bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: dict[int, zipfile.ZipFile] = {}

    def _open(self) -> zipfile.ZipFile:
        process = os.getpid()
        if process not in self._opened:
            self._opened = {process: zipfile.ZipFile(self._path)}
        return self._opened[process]

    def members(self) -> list[zipfile.ZipInfo]:
        return self._open().infolist()

    def open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        return self._open().open(member)

    def read(self, member: zipfile.ZipInfo) -> bytes:
        return self._open().read(member)


def _open_member(archive: _Archive, name: str, member: zipfile.ZipInfo) -> Source:
    if member.flag_bits & 1:
        locked = _("%(name)s is locked with a password. Unpack it and give the file itself.")
        return _refused(name, False, UnreadableFile(locked, name=name))

    def open_member() -> IO[bytes]:
        return archive.open(member)

    try:
        with open_member() as stream:
            start = stream.read(4)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        damaged = _("%(name)s is damaged in its archive. Download it again.")
        return _refused(name, False, UnreadableFile(damaged, name=name))
    if start == _ZIP:
        return Source(name, False, lambda: io.BytesIO(_read_member(archive, name, member)))
    return Source(name, False, open_member, is_gzip=start.startswith(_GZIP))


def _read_member(archive: _Archive, name: str, member: zipfile.ZipInfo) -> bytes:
    """Return a workbook inside an archive; it is small, being packed already, and must be read out of order."""
    if member.file_size > MAX_FILE_BYTES // 4:
        raise UnreadableFile(_("%(name)s is too large inside an archive. Unpack it first."), name=name)
    return archive.read(member)


def _refused(name: str, is_named: bool, refusal: UnreadableFile) -> Source:
    def refuse() -> IO[bytes]:
        raise refusal

    return Source(name, is_named, refuse)
