"""Oscar's order app, found here."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "storefront.shop.order"

    def ready(self) -> None:
        super().ready()
        from oscar.apps.analytics.receivers import receive_order_placed
        from oscar.apps.order.signals import order_placed

        # The order's writing counts purchases itself (purchases.py), in one statement.
        order_placed.disconnect(receive_order_placed)
