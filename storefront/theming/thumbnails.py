"""Oscar's thumbnails are the renditions made at import: nothing is drawn while a page is asked for."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from oscar.core.thumbnails import AbstractThumbnailer

from storefront.theming.pictures import RENDITION_WIDTHS, rendition_name


@dataclass(frozen=True)
class Thumbnail:
    """What Oscar's template tag reads from a thumbnail."""

    name: str
    width: int

    @property
    def url(self) -> str:
        return default_storage.url(self.name)


class Thumbnailer(AbstractThumbnailer):
    """Hand Oscar the smallest rendition; it is deleted with nothing, since files are shared by content."""

    def generate_thumbnail(self, source, **opts):
        return Thumbnail(name=rendition_name(str(source), RENDITION_WIDTHS[0]), width=RENDITION_WIDTHS[0])

    def delete_thumbnails(self, source):
        return None
