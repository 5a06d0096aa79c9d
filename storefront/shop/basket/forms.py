"""Oscar's form that puts a product in the basket, without asking twice for options the product does not have."""

from typing import Any

from oscar.apps.basket import forms


class AddToBasketForm(forms.AddToBasketForm):
    """The form of a product page."""

    def cleaned_options(self) -> list[dict[str, Any]]:
        """Return the options that were chosen, such as an engraving; for most products there are none to choose."""
        return super().cleaned_options() if self.parent_product.has_options else []
