"""What can go wrong with an alert."""

from django.utils.translation import gettext_lazy as _

from storefront.core.errors import StorefrontError


class LinkNotValid(StorefrontError):
    """A link that was cut, changed, is older than it may be, or whose alert is gone."""

    def __init__(self) -> None:
        super().__init__(_("This link is not valid any more. Ask again on the product's page."))
