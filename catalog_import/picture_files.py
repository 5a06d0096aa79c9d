"""Pictures that the merchant gives along: loose files, folders and zip archives, found by the name in an address."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from catalog_import.errors import PictureUnavailable
from catalog_import.picture_addresses import canonical_address, file_name
from catalog_import.picture_sources import MAX_PICTURE_BYTES, PictureSource
from catalog_import.said import say as _

ENDINGS = frozenset([".jpg", ".jpeg", ".png", ".webp", ".gif"])


class PictureFiles:
    """The pictures in files, folders and archives; a name's case and its ending do not count."""

    workers = 2

    def __init__(self, paths: Sequence[Path]):
        self._found: dict[str, Callable[[], bytes]] = {}
        self._all: list[Callable[[], bytes]] = []
        for path in paths:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    self._add(file)

    def __len__(self) -> int:
        return len(self._found)

    def fetch(self, url: str) -> bytes:
        """Return the bytes of the file that is called as the address ends."""
        for name in (file_name(url), file_name(canonical_address(url))):
            if name and (read := self._found.get(_plain(name))):
                return read()
        raise PictureUnavailable(_("The picture is not among the files."))

    def read_all(self) -> Iterator[Callable[[], bytes]]:
        """Yield what reads each picture, those of one name too; it raises PictureUnavailable or OSError."""
        yield from self._all

    def _add(self, file: Path) -> None:
        if file.suffix.lower() in ENDINGS:
            self._keep(file.name, lambda: _read_file(file))
        elif file.suffix.lower() == ".zip" and zipfile.is_zipfile(file):
            archive = zipfile.ZipFile(file)  # stays open: its directory is read once for all pictures
            for member in archive.infolist():
                if PurePosixPath(member.filename).suffix.lower() in ENDINGS and not member.flag_bits & 1:
                    self._add_member(archive, member)

    def _add_member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self._keep(PurePosixPath(member.filename).name, lambda: _read_member(archive, member))

    def _keep(self, name: str, read: Callable[[], bytes]) -> None:
        self._found.setdefault(_plain(name), read)
        self._all.append(read)


class FirstOf:
    """Several sources as one: a picture comes from the first that has it."""

    def __init__(self, *sources: PictureSource):
        self._sources = sources
        self.workers = max(source.workers for source in sources)

    def fetch(self, url: str) -> bytes:
        """Return the bytes from the first source that has them; the last one says why there are none."""
        for source in self._sources[:-1]:
            try:
                return source.fetch(url)
            except PictureUnavailable:
                continue
        return self._sources[-1].fetch(url)


def _plain(name: str) -> str:
    return PurePosixPath(name).stem.casefold()


def _read_file(file: Path) -> bytes:
    if file.stat().st_size > MAX_PICTURE_BYTES:
        raise PictureUnavailable(
            _("The picture is larger than %(size)d MB.", size=MAX_PICTURE_BYTES // 1_000_000)
        )
    return file.read_bytes()


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes; what it says of its size is not believed."""
    try:
        with archive.open(member) as stream:
            content = stream.read(MAX_PICTURE_BYTES + 1)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise PictureUnavailable(_("The archive is damaged.")) from error
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureUnavailable(
            _("The picture is larger than %(size)d MB.", size=MAX_PICTURE_BYTES // 1_000_000)
        )
    return content
