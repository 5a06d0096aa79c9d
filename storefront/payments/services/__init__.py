"""Every write of this app: one public function per use case."""

from storefront.payments.services.cancel import cancel_payment
from storefront.payments.services.confirmation import send_confirmation
from storefront.payments.services.countries import ensure_countries
from storefront.payments.services.events import handle_event
from storefront.payments.services.expire import expire_payments
from storefront.payments.services.intents import open_intent
from storefront.payments.services.place_order import Placed, place_order, take_order_number
from storefront.payments.services.reconcile import Reconciled, reconcile
from storefront.payments.services.return_basket import return_to_basket
from storefront.payments.services.settle import settle

__all__ = [
    "Placed",
    "Reconciled",
    "cancel_payment",
    "ensure_countries",
    "expire_payments",
    "handle_event",
    "open_intent",
    "place_order",
    "reconcile",
    "return_to_basket",
    "send_confirmation",
    "settle",
    "take_order_number",
]
