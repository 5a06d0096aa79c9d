"""What makes pages, as a name that keys in the cache have: a process shows nothing that another release has made."""

import os
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.conf import settings

_PACKAGES = ("storefront", "catalog_import", "requirements")
_ENDINGS = (".py", ".html", ".mo", ".txt")
_MANIFEST = "staticfiles.json"  # the addresses of style sheets and scripts


@cache
def release() -> str:
    """Return the digest of code, templates, translations, versions of packages and settings; some 0.1 s, once.

    A server asks as it begins: files that are replaced under it are not what it runs. Contents count, not times, so
    that all machines with one release have one cache.
    """
    digest = blake2b(digest_size=8)
    for file in _files():
        digest.update(f"{file.parent.name}/{file.name}\0".encode())
        digest.update(file.read_bytes())
    for name in sorted(set(dir(settings))):
        if name.isupper() and "SECRET" not in name and _is_plain(value := getattr(settings, name)):
            digest.update(f"{name}={value!r}\0".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    packages = [settings.BASE_DIR / name for name in _PACKAGES]
    for folder in [*packages, *settings.THEME.template_folders]:
        for place, inner, names in os.walk(folder):
            inner.sort()
            yield from (Path(place, name) for name in sorted(names) if name.endswith(_ENDINGS))
    manifest = Path(settings.STATIC_ROOT) / _MANIFEST
    if manifest.exists():
        yield manifest


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float)
