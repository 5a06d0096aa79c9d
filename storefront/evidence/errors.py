"""What can go wrong with evidence, each with a sentence for the person who reads it."""

from storefront.core.errors import StorefrontError


class EvidenceError(StorefrontError):
    """The root of this app's errors."""


class FileRefused(EvidenceError):
    """A file that is no evidence: empty, too large, or of a kind that could do harm; nothing was stored."""


class EvidenceBroken(EvidenceError):
    """A stored file is missing, or its bytes are not the ones that were stored."""


class ChainBroken(EvidenceError):
    """A link of the event log does not follow from the one before it."""
