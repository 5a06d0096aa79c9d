"""What can go wrong in a subsidy project, each with a sentence for the person who reads it."""

from storefront.core.errors import StorefrontError


class SubsidiesError(StorefrontError):
    """The root of this app's errors."""


class ProgrammeFileWrong(SubsidiesError):
    """A programme's YAML file that cannot be read; nothing of it was loaded."""


class MoveBlocked(SubsidiesError):
    """A step that the project cannot take now; its text says why, and nothing has changed."""


class FactMissing(SubsidiesError):
    """A figure that cannot be computed, because the shop does not hold a fact it needs."""


class EntryRefused(SubsidiesError):
    """An entry of a person that cannot be: nothing was written."""


class DossierRefused(SubsidiesError):
    """A dossier that must not leave the house: something in it is not what was frozen."""


class AuditorRefused(SubsidiesError):
    """A link for an auditor that opens nothing: its key is wrong, its time is over, or it was closed."""
