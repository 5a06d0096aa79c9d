"""Write a bag (BagIt 1.0, RFC 8493) straight into a zip: the same contents give the same bytes on every run."""

import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO

# Text shrinks to a fifth; PDF, XLSX and pictures are compressed already.
_SHRINK = (".csv", ".json", ".jsonl", ".txt")
_LEVEL = 6
_UNIX, _MODE = 3, 0o100644


class Bag:
    """A bag being written. Add the payload in the order of its paths, then close it with its tags."""

    def __init__(self, target: IO[bytes], *, name: str, dated: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self._name = name
        self._date_time = (
            dated.year,
            dated.month,
            dated.day,
            dated.hour,
            dated.minute,
            dated.second // 2 * 2,
        )
        self._manifest: dict[str, str] = {}
        self._octets = 0

    def add(self, path: str, chunks: Iterable[bytes]) -> str:
        """Add a file of the payload, `path` below data/, and return its SHA-256."""
        digest, size = self._write(f"data/{path}", chunks)
        self._manifest[f"data/{path}"] = digest
        self._octets += size
        return digest

    def close(self, tags: Mapping[str, str]) -> str:
        """Write the tag files with `tags` in bag-info.txt, end the zip, and return the manifest's SHA-256."""
        oxum = {"Payload-Oxum": f"{self._octets}.{len(self._manifest)}"}
        written = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(
                f"{name}: {_one_line(value)}\n" for name, value in {**tags, **oxum}.items()
            ),
            "manifest-sha256.txt": _lines(self._manifest),
        }
        digests = {name: self._write(name, [text.encode()])[0] for name, text in written.items()}
        self._write("tagmanifest-sha256.txt", [_lines(digests).encode()])
        self._zip.close()
        return digests["manifest-sha256.txt"]

    def _write(self, path: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        entry = zipfile.ZipInfo(f"{self._name}/{path}", self._date_time)
        entry.create_system, entry.external_attr = _UNIX, _MODE << 16
        entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith(_SHRINK) else zipfile.ZIP_STORED
        entry._compresslevel = _LEVEL  # type: ignore[attr-defined]
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        return digest.hexdigest(), size


def _lines(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def _one_line(value: str) -> str:
    return " ".join(value.split())
