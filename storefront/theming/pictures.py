"""Smaller copies of the shop's pictures, made once when a picture comes in."""

import io
from functools import lru_cache
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from PIL import Image, ImageOps, features

RENDITION_WIDTHS = (400, 800)
WEBP_QUALITY = 78
WEBP_METHOD = 2  # 0 fastest … 6 smallest; 2 costs a third of the default 4 for a few percent of size

AVIF_QUALITY = 55  # looks as WebP at 78 does
AVIF_SPEED = 8  # 0 smallest … 10 fastest
_OPTIONS = {
    "WEBP": {"quality": WEBP_QUALITY, "method": WEBP_METHOD},
    "AVIF": {"quality": AVIF_QUALITY, "speed": AVIF_SPEED, "max_threads": 1},
}
_NAMES_KNOWN = 2000
# What Merchant Center and the previews of messengers may not read.
_RARELY_READ = (".avif", ".heic", ".svg", "")


def file_url(name: str) -> str:
    """Return the address of a stored file; a page asks for dozens, and those in a folder are thought out once."""
    if isinstance(default_storage, FileSystemStorage) and default_storage.base_url:
        return _url_under(default_storage.base_url, name)
    return default_storage.url(name)


@lru_cache(_NAMES_KNOWN)
def _url_under(base_url: str, name: str) -> str:
    return default_storage.url(name)


@lru_cache(_NAMES_KNOWN)
def rendition_name(name: str, width: int) -> str:
    """Return the storage name of a picture's copy: `products/ab/<sha>.jpg` at 400 is `products/ab/<sha>.400.webp`."""
    return str(PurePosixPath(name).with_suffix(f".{width}.webp"))


def shared_picture_url(name: str) -> str:
    """Return the address of a picture as other services read it: as it came in, or the WebP copy of a rarer format."""
    is_readable = PurePosixPath(name).suffix.lower() not in _RARELY_READ
    return file_url(name if is_readable else rendition_name(name, RENDITION_WIDTHS[-1]))


def make_renditions(name: str) -> None:
    """Make the WebP copies of a stored picture that do not exist yet.

    A picture narrower than a width is copied at its own width, so that every name exists. Transparency becomes white.
    """
    missing = [width for width in RENDITION_WIDTHS if not default_storage.exists(rendition_name(name, width))]
    if not missing:
        return
    with default_storage.open(name) as stored:
        content = stored.read()
    for width, rendition in render(content, missing).items():
        default_storage.save(rendition_name(name, width), ContentFile(rendition))


def avif_name(name: str, width: int) -> str:
    """Return the storage name of a copy in AVIF: beside the WebP copy, so that the web server finds it."""
    return f"{rendition_name(name, width)}.avif"


def can_make_avif() -> bool:
    """Say whether Pillow was built with AVIF."""
    return bool(features.check("avif"))


def make_avif_copies(name: str) -> int:
    """Make the AVIF copies of a stored picture that do not exist yet; return how many. Slow: never in a request."""
    missing = [width for width in RENDITION_WIDTHS if not default_storage.exists(avif_name(name, width))]
    if not missing or not default_storage.exists(name):
        return 0
    with default_storage.open(name) as stored:
        content = stored.read()
    for width, rendition in render(content, missing, form="AVIF").items():
        default_storage.save(avif_name(name, width), ContentFile(rendition))
    return len(missing)


def render(content: bytes, widths: list[int], *, form: str = "WEBP") -> dict[int, bytes]:
    """Return width -> bytes of WEBP or AVIF, the picture decoded once for all of them."""
    options = _OPTIONS[form]
    with Image.open(io.BytesIO(content)) as picture:
        # A JPEG is decoded at a half or a quarter of its size where that is enough.
        picture.draft("RGB", (max(widths), max(widths)))
        current = _on_white(ImageOps.exif_transpose(picture))
    renditions = {}
    for width in sorted(widths, reverse=True):  # each from the next larger one
        if current.width > width:
            height = max(1, round(current.height * width / current.width))
            current = current.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        output = io.BytesIO()
        current.save(output, form, **options)
        renditions[width] = output.getvalue()
    return renditions


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        background = Image.new("RGBA", layer.size, "white")
        background.alpha_composite(layer)
        return background.convert("RGB")
    return picture.convert("RGB")
