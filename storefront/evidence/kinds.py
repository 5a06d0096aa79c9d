"""Which kind of file the bytes are, by what they begin with; the name of an upload proves nothing."""

from pathlib import PurePath

PDF, XML, OFD, IMAGE, CSV, XLSX = "pdf", "xml", "ofd", "image", "csv", "xlsx"
KINDS = (PDF, XML, OFD, IMAGE, CSV, XLSX)
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_ACTIVE_MARKUP = (b"<html", b"<!doctype html", b"<svg", b"<script")


def detect_kind(*, head: bytes, name: str) -> str:
    """Return the kind of a file that begins with `head`; empty for one that is not accepted.

    OFD (GB/T 33190) and XLSX are both zip archives: there the name decides which. HTML and SVG can run scripts
    in the reader's browser and are never accepted, whatever they are called.
    """
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(_IMAGE_STARTS):
        return IMAGE
    if head.startswith(b"PK\x03\x04"):
        return {".ofd": OFD, ".xlsx": XLSX}.get(PurePath(name).suffix.lower(), "")
    if any(mark in text.lower() for mark in _ACTIVE_MARKUP) or b"\x00" in head:
        return ""
    if text.startswith(b"<?xml") or (text.startswith(b"<") and name.lower().endswith(".xml")):
        return XML
    return CSV if name.lower().endswith((".csv", ".txt")) else ""
