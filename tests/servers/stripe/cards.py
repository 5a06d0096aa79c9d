"""The test cards and bank accounts Stripe publishes, and what each of them does (docs.stripe.com/testing)."""

import hashlib
from dataclasses import dataclass

SUCCEEDED, DECLINED, AUTHENTICATION, PROCESSING = "succeeded", "declined", "authentication", "processing"


@dataclass(frozen=True)
class Decline:
    """Why an issuer refuses: Stripe's code, decline code and sentence."""

    code: str
    decline_code: str | None
    message: str


@dataclass(frozen=True)
class Behaviour:
    """What happens when a payment with this method is confirmed.

    `refund` is how a refund to it goes: at once, pending until told otherwise.
    """

    outcome: str = SUCCEEDED
    decline: Decline | None = None
    refund: str = "succeeded"


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card."
    " For a list of valid test cards, visit: https://stripe.com/docs/testing.",
)
FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.")
EXPIRED = Decline("expired_card", None, "Your card has expired.")
BAD_CODE = Decline("incorrect_cvc", None, "Your card's security code is incorrect.")
ERROR = Decline(
    "processing_error", None, "An error occurred while processing your card. Try again in a little bit."
)

CARDS: dict[str, Behaviour] = {
    "4000000000000002": Behaviour(DECLINED, GENERIC),
    "4000000000000341": Behaviour(DECLINED, GENERIC),
    "4000000000009995": Behaviour(DECLINED, FUNDS),
    "4000000000009987": Behaviour(DECLINED, LOST),
    "4000000000009979": Behaviour(DECLINED, STOLEN),
    "4000000000000069": Behaviour(DECLINED, EXPIRED),
    "4000000000000127": Behaviour(DECLINED, BAD_CODE),
    "4000000000000119": Behaviour(DECLINED, ERROR),
    "4000002500003155": Behaviour(AUTHENTICATION),
    "4000002760003184": Behaviour(AUTHENTICATION),
    "4000000000003220": Behaviour(AUTHENTICATION),
    "4000008400001629": Behaviour(AUTHENTICATION, GENERIC),
    "4000000000007726": Behaviour(refund="pending"),
}
_PLAIN = """
4242424242424242 4000056655665556 5555555555554444 2223003122003222 5200828282828210
5105105105105100 378282246310005 371449635398431 6011111111111117 6011000990139424 3056930009020004
36227206271667 3566002020360505 6200000000000005
"""
PLAIN_CARDS = frozenset(_PLAIN.split())
NAMED_METHODS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}
IBANS = {
    "DE89370400440532013000": Behaviour(PROCESSING),
    "AT611904300234573201": Behaviour(PROCESSING),
    "FR1420041010050500013M02606": Behaviour(PROCESSING),
    "DE62370400440532013001": Behaviour(PROCESSING, GENERIC),
    "AT861904300235473202": Behaviour(PROCESSING, GENERIC),
}


def judge_card(number: str) -> Behaviour:
    """Return what a card does; a number which is no test number is declined, as in Stripe's test mode."""
    if number in CARDS:
        return CARDS[number]
    if number in PLAIN_CARDS or number.startswith("400000"):
        return Behaviour()
    return Behaviour(DECLINED, NOT_A_TEST_CARD)


def passes_luhn(number: str) -> bool:
    """Say whether the check digit of a card number is right (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + doubled) % 10 == 0


def name_brand(number: str) -> str:
    """Return Stripe's name of the network a card number belongs to."""
    if number.startswith("4"):
        return "visa"
    if number[:2] in {"34", "37"}:
        return "amex"
    if "51" <= number[:2] <= "55" or "2221" <= number[:4] <= "2720":
        return "mastercard"
    if number.startswith(("6011", "64", "65")):
        return "discover"
    if number.startswith("35"):
        return "jcb"
    if number.startswith("62"):
        return "unionpay"
    return "diners" if number.startswith(("30", "36", "38", "39")) else "unknown"


def fingerprint(number: str) -> str:
    """Return a short name for a test number; nothing derived from any other number is kept."""
    if judge_card(number).decline is NOT_A_TEST_CARD:
        return "0" * 16
    return hashlib.sha256(b"stand-in:" + number.encode()).hexdigest()[:16]
