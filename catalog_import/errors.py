"""Everything that stops an import before it starts; single bad rows are data (`listing.RowProblem`)."""

from collections.abc import Sequence
from typing import Any

from storefront.core.errors import StorefrontError


class CatalogImportError(StorefrontError):
    """An import could not be done; nothing was written."""


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation where it is shown; it stays as it is here."""
    return text


class UnknownMarketplace(CatalogImportError):
    """The marketplace named is not one of Amazon's."""


class UnreadableFile(CatalogImportError):
    """A file is not one the importer reads; the text names the file and says what it seems to be.

    `sentence` is the text before its `values` are in it: by it pages find the text in the reader's language. `files`
    are the reports of all files looked at until then (`readers.FileReport`).
    """

    files: Sequence[Any] = ()

    def __init__(self, sentence: str, /, **values: Any):
        self.sentence, self.values = sentence, {name: str(value) for name, value in values.items()}
        super().__init__(sentence % self.values if values else sentence)


class PersonalDataFile(UnreadableFile):
    """The file holds Amazon buyers' names and addresses, which this shop must not take over."""


class PictureFile(UnreadableFile):
    """The file is a picture: no listings are in it, but it may be one that listings name."""


class OtherMarketplaceFile(UnreadableFile):
    """The file was exported for another marketplace than the one asked for."""


class ImportAlreadyRunning(CatalogImportError):
    """Another import is being applied at this moment."""


class PictureUnavailable(CatalogImportError):
    """A picture could not be had: nobody answers, it is not there, or it is not a picture."""


class PictureAddressRefused(PictureUnavailable):
    """A picture's address is not fetched at all: not http(s), or inside a private network."""


class NotApplicable(CatalogImportError):
    """A run cannot be applied or undone in the state it is in."""


class StalePlan(CatalogImportError):
    """The shop has changed what a plan was made from."""
