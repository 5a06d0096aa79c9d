"""What was promised, what came of it, and what Stripe says of it."""

from storefront.payments.models.books import (
    BalanceTransaction,
    Finding,
    FindingKind,
    FindingState,
    Payout,
    PayoutLine,
    PayoutStatus,
)
from storefront.payments.models.captures import Capture, CaptureState, CaptureTime, PaymentPage, PaymentSetup
from storefront.payments.models.cards import CardConsent, StripeCustomer
from storefront.payments.models.events import StripeEvent
from storefront.payments.models.order_tax import OrderTax
from storefront.payments.models.parcels import Parcel
from storefront.payments.models.payment import (
    CANCELLABLE_STATES,
    CLOSED_UNPAID_STATES,
    FINAL_STATES,
    OPEN_STATES,
    UNDECIDED_STATES,
    OrderNumber,
    Payment,
    PaymentState,
    PaymentWay,
)
from storefront.payments.models.reversals import (
    ANSWERABLE_DISPUTES,
    BLOCKING_DISPUTES,
    DISPUTE_RANK,
    LIVE_REFUND_STATES,
    REFUND_RANK,
    Dispute,
    DisputeStatus,
    EarlyFraudWarning,
    Refund,
    RefundReason,
    RefundState,
)
from storefront.payments.models.transfers import BankTransferSetup, TransferReceipt

__all__ = [
    "ANSWERABLE_DISPUTES",
    "BLOCKING_DISPUTES",
    "CANCELLABLE_STATES",
    "CLOSED_UNPAID_STATES",
    "DISPUTE_RANK",
    "FINAL_STATES",
    "LIVE_REFUND_STATES",
    "OPEN_STATES",
    "REFUND_RANK",
    "UNDECIDED_STATES",
    "BalanceTransaction",
    "BankTransferSetup",
    "Capture",
    "CaptureState",
    "CaptureTime",
    "CardConsent",
    "Dispute",
    "DisputeStatus",
    "EarlyFraudWarning",
    "Finding",
    "FindingKind",
    "FindingState",
    "OrderNumber",
    "OrderTax",
    "Parcel",
    "Payment",
    "PaymentPage",
    "PaymentSetup",
    "PaymentState",
    "PaymentWay",
    "Payout",
    "PayoutLine",
    "PayoutStatus",
    "Refund",
    "RefundReason",
    "RefundState",
    "StripeCustomer",
    "StripeEvent",
    "TransferReceipt",
]
