"""Oscar's models, a review of a product only by who bought it; their migrations are borrowed (MIGRATION_MODULES)."""

from typing import Any

from oscar.apps.catalogue.abstract_models import AbstractProduct

from storefront.shop.catalogue.buyer_reviews import has_bought


class Product(AbstractProduct):
    """Oscar's product."""

    def is_review_permitted(self, user: Any) -> bool:
        """Let each customer review what they paid for, once."""
        return user.is_authenticated and not self.has_review_by(user) and has_bought(user=user, product=self)


from oscar.apps.catalogue.models import *
