"""Oscar's basket messages, without the one that repeats the total."""

from oscar.apps.basket import utils


class BasketMessageGenerator(utils.BasketMessageGenerator):
    """Say what changed: an item, an offer; the basket page itself shows the total."""

    def get_new_total_messages(self, basket, include_buttons=True):
        return []
