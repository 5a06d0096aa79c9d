"""Oscar's partner app, found here."""

from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    name = "storefront.shop.partner"
