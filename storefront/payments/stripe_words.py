"""Stripe's codes in words: why a bank disputes, what a line of the books is, what a network warns of."""

from django.utils.translation import gettext as _


def dispute_reason(code: str) -> str:
    """Return why the bank wants the money back (docs.stripe.com/disputes/categories); an unknown code as it is."""
    return {
        "bank_cannot_process": _("the bank cannot process it"),
        "check_returned": _("the check was returned"),
        "credit_not_processed": _("a promised refund did not come"),
        "customer_initiated": _("the customer objects"),
        "debit_not_authorized": _("the debit was not authorised"),
        "duplicate": _("charged twice"),
        "fraudulent": _("the cardholder did not order"),
        "general": _("no reason given"),
        "incorrect_account_details": _("wrong account details"),
        "insufficient_funds": _("not enough money in the account"),
        "product_not_received": _("the goods did not arrive"),
        "product_unacceptable": _("the goods were not as described"),
        "subscription_canceled": _("charged after a cancellation"),
        "unrecognized": _("the customer does not recognise the charge"),
    }.get(code, code)


def line_category(code: str) -> str:
    """Return what a line of Stripe's books is (docs.stripe.com/reports/reporting-categories)."""
    return {
        "charge": _("Payment"),
        "charge_failure": _("Payment failed later"),
        "dispute": _("Dispute"),
        "dispute_reversal": _("Dispute won"),
        "fee": _("Stripe fee"),
        "partial_capture_reversal": _("Captured only in part"),
        "payout": _("Payout"),
        "payout_reversal": _("Payout came back"),
        "refund": _("Refund"),
        "refund_failure": _("Refund failed"),
    }.get(code, code.replace("_", " "))


def fraud_type(code: str) -> str:
    """Return what a card network warns of (docs.stripe.com/api/radar/early_fraud_warnings/object)."""
    return {
        "card_never_received": _("the card never reached its owner"),
        "fraudulent_card_application": _("the card was applied for by fraud"),
        "made_with_counterfeit_card": _("made with a counterfeit card"),
        "made_with_lost_card": _("made with a lost card"),
        "made_with_stolen_card": _("made with a stolen card"),
        "misc": _("no details"),
        "unauthorized_use_of_card": _("the card was used without leave"),
    }.get(code, code)
