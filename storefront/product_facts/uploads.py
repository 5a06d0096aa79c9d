"""What may be uploaded: a file is believed for its first bytes, not for its name."""

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext_lazy as _

VIDEO_LIMIT_BYTES = 50 * 1024 * 1024
CAPTIONS_LIMIT_BYTES = 1024 * 1024
PDF_LIMIT_BYTES = 20 * 1024 * 1024
LABEL_LIMIT_BYTES = 1024 * 1024
_MATROSKA = b"\x1a\x45\xdf\xa3"  # WebM begins as every Matroska file does


def check_video(file: File) -> None:
    """Raise ValidationError for what is neither an MP4 (ISO/IEC 14496-12) nor a WebM, or is too large."""
    if file.size > VIDEO_LIMIT_BYTES:
        raise ValidationError(_("The video is larger than 50 MB. Make it shorter or smaller."))
    start = _first_bytes(file, 12)
    if start[4:8] != b"ftyp" and not start.startswith(_MATROSKA):
        raise ValidationError(_("This is not an MP4 or WebM video."))


def check_captions(file: File) -> None:
    """Raise ValidationError for what is not WebVTT, or is too large."""
    start = _first_bytes(file, 9).removeprefix(b"\xef\xbb\xbf")
    if file.size > CAPTIONS_LIMIT_BYTES or not start.startswith(b"WEBVTT"):
        raise ValidationError(_("These are not captions in the WebVTT format."))


def check_pdf(file: File) -> None:
    """Raise ValidationError for what is not a whole PDF (ISO 32000-1, 7.5.2 and 7.5.5), or is too large."""
    if file.size > PDF_LIMIT_BYTES:
        raise ValidationError(_("The document is larger than 20 MB. Make it smaller, or split it."))
    start = _first_bytes(file, 5)
    file.seek(max(0, file.size - 1024))
    end = file.read()
    file.seek(0)
    if start != b"%PDF-" or b"%%EOF" not in end:
        raise ValidationError(_("This is not a PDF, or its end is missing. Save it as a PDF again."))


def check_label(file: File) -> None:
    """Raise ValidationError for a picture that is too large to be mailed with every order of its product."""
    if file.size > LABEL_LIMIT_BYTES:
        raise ValidationError(_("The label is larger than 1 MB. It is well readable below that."))


def _first_bytes(file: File, count: int) -> bytes:
    file.seek(0)
    start = file.read(count)
    file.seek(0)
    return start
