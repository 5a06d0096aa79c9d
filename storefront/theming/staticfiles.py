"""Static files for production: one style sheet in place of its imports, every file under a name made of its content."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.utils.functional import cached_property
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLE_SHEET = "css/site.css"
_IMPORT = re.compile(r'@import\s+"(?P<name>[^"]+)"(?:\s+layer\((?P<layer>[\w-]+)\))?\s*;')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<name>(?!data:|[a-z]+:|/|\#)[^"')]+)(?P=quote)\s*\)""")

Paths = dict[str, tuple[Any, str]]


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, after the imports of css/site.css were written into it.

    A browser would find them one by one, each a round trip before the first paint. Imports of JavaScript modules
    are renamed too.
    """

    support_js_module_import_aggregation = True

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name: str, force: bool = False) -> str:
        """Return a file's address; a page asks for a few dozen, which never change."""
        if force or name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and STYLE_SHEET in paths:
            bundle = bundle_style_sheet(paths, name=STYLE_SHEET)
            self.delete(STYLE_SHEET)
            self.save(STYLE_SHEET, ContentFile(bundle.encode()))
            paths = {**paths, STYLE_SHEET: (self, STYLE_SHEET)}
        yield from super().post_process(paths, dry_run, **options)


def bundle_style_sheet(paths: Paths, *, name: str, folder: str = "") -> str:
    """Return a style sheet with each import replaced by that file in its cascade layer, without comments.

    `paths` is what collectstatic found: name -> (storage, name there). Relative addresses are rewritten for the
    place of the sheet that is asked for. Raise FileNotFoundError where an import leads nowhere.
    """
    folder = folder or posixpath.dirname(name)
    if name not in paths:
        raise FileNotFoundError(f"A style sheet imports {name}, which no theme has.")
    storage, stored_name = paths[name]
    with storage.open(stored_name) as file:
        text = _COMMENT.sub("", file.read().decode())
    here = posixpath.dirname(name)

    def address(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(here, match["name"]))
        return f'url("{posixpath.relpath(target, folder)}")'

    def imported(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(here, match["name"]))
        content = bundle_style_sheet(paths, name=target, folder=folder)
        return f"@layer {match['layer']} {{\n{content}\n}}" if match["layer"] else content

    return _IMPORT.sub(imported, _ADDRESS.sub(address, text)).strip()
