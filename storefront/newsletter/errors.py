"""What can go wrong with a subscription."""

from django.utils.translation import gettext_lazy as _

from storefront.core.errors import StorefrontError


class LinkNotValid(StorefrontError):
    """A link that was cut, changed, or is older than it may be."""

    def __init__(self) -> None:
        super().__init__(_("This link is not valid any more. Enter your address again to get a new one."))
