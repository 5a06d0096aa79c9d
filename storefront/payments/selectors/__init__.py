"""Reads: the order behind a link, what is open, and the way from an order to the bank statement."""

from storefront.payments.models import Payment, PaymentWay
from storefront.payments.selectors.captures import is_all_sent, is_any_sent, sent_amount
from storefront.payments.selectors.cards import card_session, consent_text, customer_id_of, saved_cards
from storefront.payments.selectors.charges import describe_too_small
from storefront.payments.selectors.ledger import (
    Ledger,
    OrderMoney,
    ledger_of,
    money_of_orders,
    payout_orders,
    sums_of_payments,
)
from storefront.payments.selectors.parcels import parcels_of
from storefront.payments.selectors.payments import (
    browser_setup,
    can_take_payments,
    charged_units,
    count_open_findings,
    is_ours,
    is_reference,
    offers_wallets,
    open_payment,
    open_payments,
    order_lines,
    order_token,
    overdue_payments,
    payment_by_token,
    payment_for_basket,
    undecided_payments,
)
from storefront.payments.selectors.transfers import TransferDetails, offers_transfer, transfer_details
from storefront.payments.selectors.wallet_baskets import WALLET_BASKET_STATUS, wallet_baskets

__all__ = [
    "WALLET_BASKET_STATUS",
    "Ledger",
    "OrderMoney",
    "Payment",
    "PaymentWay",
    "TransferDetails",
    "browser_setup",
    "can_take_payments",
    "card_session",
    "charged_units",
    "consent_text",
    "count_open_findings",
    "customer_id_of",
    "describe_too_small",
    "is_all_sent",
    "is_any_sent",
    "is_ours",
    "is_reference",
    "ledger_of",
    "money_of_orders",
    "offers_transfer",
    "offers_wallets",
    "open_payment",
    "open_payments",
    "order_lines",
    "order_token",
    "overdue_payments",
    "parcels_of",
    "payment_by_token",
    "payment_for_basket",
    "payout_orders",
    "saved_cards",
    "sent_amount",
    "sums_of_payments",
    "transfer_details",
    "undecided_payments",
    "wallet_baskets",
]
