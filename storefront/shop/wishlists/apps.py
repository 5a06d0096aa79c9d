"""Oscar's wishlists app, found here."""

from oscar.apps.wishlists import apps


class WishlistsConfig(apps.WishlistsConfig):
    name = "storefront.shop.wishlists"
