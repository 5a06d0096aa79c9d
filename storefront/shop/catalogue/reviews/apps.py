"""Oscar's reviews app, found here."""

from oscar.apps.catalogue.reviews import apps


class CatalogueReviewsConfig(apps.CatalogueReviewsConfig):
    name = "storefront.shop.catalogue.reviews"
