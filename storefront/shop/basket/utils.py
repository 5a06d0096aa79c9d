"""Oscar's basket messages, without the one that repeats the total."""

from oscar.apps.basket import utils


class BasketMessageGenerator(utils.BasketMessageGenerator):
    """Say what changed: an item, an offer; the basket page itself shows the total."""

    def apply_messages(self, request, offers_before):
        """Say which offers were won or lost; where none is in force there is nothing to work out."""
        if getattr(request, "has_offers", True):
            super().apply_messages(request, offers_before)

    def get_new_total_messages(self, basket, include_buttons=True):
        return []
