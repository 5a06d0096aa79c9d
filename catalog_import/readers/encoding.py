"""In which encoding a file is: byte order mark, UTF-8, UTF-16, Japanese cp932, else cp1252."""

import codecs
import zlib

from catalog_import.errors import UnreadableFile
from catalog_import.errors import gettext_noop as _
from catalog_import.readers.sources import MAX_UNPACKED_BYTES, Source

_CHUNK_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_encoding(source: Source) -> str:
    """Return the encoding of a text file, reading it once; bytes it does not know are read as U+FFFD.

    Raises UnreadableFile for a file that is no text, is damaged, or unpacks to more than the limit.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    total = 0
    first = b""
    try:
        with source.open() as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                if not total:
                    first = chunk
                    if marked := _find_mark(source.name, first):
                        return marked
                total += len(chunk)
                if total > MAX_UNPACKED_BYTES:
                    raise UnreadableFile(
                        _("%(name)s unpacks to more than %(limit)s MB and is not opened."),
                        name=source.name,
                        limit=MAX_UNPACKED_BYTES // 1_000_000,
                    )
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    return guess_encoding(first + chunk if total > len(chunk) else chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return guess_encoding(first)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(
            _("%(name)s is damaged and cannot be unpacked. Download it again."), name=source.name
        ) from error
    return "utf-8"


def guess_encoding(content: bytes) -> str:
    """Return the encoding of bytes that are not all good UTF-8."""
    lenient = content.decode("utf-8", "replace")
    damaged = lenient.count("\ufffd")
    if sum(1 for character in lenient if character > "\x7f") > 10 * damaged:
        return "utf-8"  # some broken bytes in a file whose other accents are good UTF-8
    return "cp932" if _looks_japanese(content) else "cp1252"


def _find_mark(name: str, start: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:4096]
    if b"\0" not in head:
        return None
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if len(head) >= 16 and min(zeros) == 0 and max(zeros) * 5 > len(head):
        return "utf-16-be" if zeros[0] else "utf-16-le"
    raise UnreadableFile(
        _("%(name)s is not a text file or a workbook. Choose the file as Amazon gave it."), name=name
    )


def _looks_japanese(content: bytes) -> bool:
    """Kana tell: Western text misread as cp932 turns into rare kanji, Japanese text is full of kana."""
    sample = [character for character in content[:131072].decode("cp932", "replace") if character > "\x7f"]
    kana = sum(1 for character in sample if "\u3040" <= character <= "\u30ff")
    return kana * 10 > len(sample)
