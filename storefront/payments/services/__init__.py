"""Every write of this app: one public function per use case."""

from storefront.payments.services.cancel import cancel_payment
from storefront.payments.services.captures import (
    capture_payment,
    capture_shipment,
    check_nothing_is_sent,
    finish_capture,
    release_payment,
)
from storefront.payments.services.cards import begin_card, delete_card, forget_cards
from storefront.payments.services.confirmation import send_confirmation
from storefront.payments.services.countries import ensure_countries
from storefront.payments.services.disputes import record_dispute, record_warning
from storefront.payments.services.events import handle_event
from storefront.payments.services.evidence_pack import build_evidence_pack
from storefront.payments.services.expire import expire_payments
from storefront.payments.services.findings import close_finding
from storefront.payments.services.guest_accounts import keep_in_account, open_account
from storefront.payments.services.hosted import ReturnAddresses, open_session, settle_session
from storefront.payments.services.intents import open_intent
from storefront.payments.services.locking import lock_order
from storefront.payments.services.manual_refunds import record_manual_refund
from storefront.payments.services.order_links import ask_for_order_links
from storefront.payments.services.parcels import (
    SHIPPED_EVENT,
    ParcelLabel,
    change_parcel,
    read_parcels,
    ship_all,
    write_parcels,
)
from storefront.payments.services.place_order import Placed, place_order, take_order_number
from storefront.payments.services.reconcile import DAYS_BACK, Reconciled, reconcile
from storefront.payments.services.refunds import finish_refund, read_reversals, request_refund
from storefront.payments.services.return_basket import return_to_basket
from storefront.payments.services.settle import settle
from storefront.payments.services.transfers import cancel_transfer, confirm_transfer
from storefront.payments.services.wallet_baskets import forget_wallet_baskets

__all__ = [
    "DAYS_BACK",
    "SHIPPED_EVENT",
    "ParcelLabel",
    "Placed",
    "Reconciled",
    "ReturnAddresses",
    "ask_for_order_links",
    "begin_card",
    "build_evidence_pack",
    "cancel_payment",
    "cancel_transfer",
    "capture_payment",
    "capture_shipment",
    "change_parcel",
    "check_nothing_is_sent",
    "close_finding",
    "confirm_transfer",
    "delete_card",
    "ensure_countries",
    "expire_payments",
    "finish_capture",
    "finish_refund",
    "forget_cards",
    "forget_wallet_baskets",
    "handle_event",
    "keep_in_account",
    "lock_order",
    "open_account",
    "open_intent",
    "open_session",
    "place_order",
    "read_parcels",
    "read_reversals",
    "reconcile",
    "record_dispute",
    "record_manual_refund",
    "record_warning",
    "release_payment",
    "request_refund",
    "return_to_basket",
    "send_confirmation",
    "settle",
    "settle_session",
    "ship_all",
    "take_order_number",
    "write_parcels",
]
