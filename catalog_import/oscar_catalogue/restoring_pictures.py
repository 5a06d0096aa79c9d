"""Pictures of restored products: by their hash from the storage or from files given along, else kept as an address."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from oscar.core.loading import get_model

from catalog_import.errors import PictureUnavailable
from catalog_import.models import PictureJob
from catalog_import.open_format import Record
from catalog_import.oscar_catalogue.export_parts import hash_of
from catalog_import.picture_files import PictureFiles
from catalog_import.picture_jobs import find_stored_picture
from catalog_import.pictures import store_picture

_SHA256 = re.compile(r"[0-9a-f]{64}")


class StoredPictures:
    """Stored pictures by their SHA-256, taken from folders and archives where the storage has them not yet."""

    def __init__(self, paths: Sequence[Path]):
        self._files = PictureFiles(paths)
        self._by_hash: dict[str, Callable[[], bytes]] | None = None
        self._names: dict[str, str] = {}

    def find(self, sha256: str) -> str:
        """Return the name in the storage; empty where nobody has the picture."""
        if not _SHA256.fullmatch(sha256):
            return ""
        if sha256 not in self._names:
            self._names[sha256] = find_stored_picture(sha256) or self._take(sha256)
        return self._names[sha256]

    def _take(self, sha256: str) -> str:
        if self._by_hash is None:
            self._by_hash = dict(self._hash_files())
        read = self._by_hash.get(sha256)
        if read is None:
            return ""
        try:
            return store_picture(read())
        except (PictureUnavailable, OSError):
            return ""

    def _hash_files(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        for read in self._files.read_all():
            try:
                yield hashlib.sha256(read()).hexdigest(), read
            except (PictureUnavailable, OSError):
                continue


def write_pictures(
    pairs: Sequence[tuple[int, Record]], *, stored: StoredPictures, note: Callable[[str, str], None]
) -> None:
    """Give products the pictures they name, where they have others; what nobody has is a job by its address."""
    ProductImage = get_model("catalogue", "ProductImage")
    touched = {key: record for key, record in pairs if record.get("pictures")}
    if not touched:
        return
    images, jobs = [], []
    have: dict[int, list[tuple[int, str, str]]] = {key: [] for key in touched}
    rows = ProductImage.objects.filter(product_id__in=touched).order_by("display_order", "id")
    for key, name, caption, order in rows.values_list("product_id", "original", "caption", "display_order"):
        have[key].append((order, hash_of(name), caption))
    changed = []
    for key, record in touched.items():
        new, sources = [], []
        for each in record["pictures"]:
            order, sha256, source = each.get("order", 0), each.get("sha256", ""), each.get("source", "")
            name = stored.find(sha256)
            if name:
                new.append((order, sha256, each.get("caption", record.get("title", "")[:200]), name))
            elif not source:
                note(record["sku"], f"The picture {sha256} is in none of the files. Give it with --pictures.")
            if source:
                state = PictureJob.State.DONE if name else PictureJob.State.PENDING
                sources.append(PictureJob(product_id=key, source_url=source, position=order, state=state,
                                          sha256=sha256))  # fmt: skip
        jobs += sources
        if have[key] != [row[:3] for row in new]:
            changed.append(key)
            images += [
                ProductImage(product_id=key, original=name, caption=caption, display_order=order)
                for order, _sha256, caption, name in new
            ]
    ProductImage.objects.filter(product_id__in=changed).delete()
    ProductImage.objects.bulk_create(images)
    PictureJob.objects.filter(product_id__in=touched).delete()
    PictureJob.objects.bulk_create(jobs)
