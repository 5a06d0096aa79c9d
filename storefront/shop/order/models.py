"""Oscar's own models; an order's lines move on with it at once. Their migrations are borrowed (MIGRATION_MODULES)."""

from django.conf import settings
from oscar.apps.order.abstract_models import AbstractOrder


class Order(AbstractOrder):
    """An order that changes its lines' status in one statement, however many they are."""

    cascade: dict[str, str] = {}  # set_status does what Oscar does with it

    def set_status(self, new_status: str) -> None:
        """Move the order on, and with it those lines that may; raise InvalidOrderStatus where it may not."""
        old_status = self.status
        super().set_status(new_status)
        line_status = settings.OSCAR_ORDER_STATUS_CASCADE.get(new_status)
        if line_status and new_status != old_status:
            pipeline = settings.OSCAR_LINE_STATUS_PIPELINE
            movable = [status for status, following in pipeline.items() if line_status in following]
            self.lines.filter(status__in=movable).update(status=line_status)


from oscar.apps.order.models import *
