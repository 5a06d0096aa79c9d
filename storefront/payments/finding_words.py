"""What a finding says to a merchant, and what to do about it."""

from typing import Any

from django.utils.translation import gettext as _

from storefront.payments.models import Finding, FindingKind
from storefront.payments.stripe_words import dispute_reason, fraud_type


def sentence(finding: Finding) -> str:
    """Return what was found, in one sentence with its figures."""
    facts: dict[str, Any] = dict.fromkeys(_FACTS, "") | finding.facts | {"object": finding.object_id}
    facts["reason"] = dispute_reason(facts["reason"])
    facts["fraud_type"] = fraud_type(facts["fraud_type"])
    return _sentences()[FindingKind(finding.kind)][0] % facts


def advice(finding: Finding) -> str:
    """Return what to do now."""
    return _sentences()[FindingKind(finding.kind)][1]


_FACTS = (
    "order", "amount", "currency", "note", "failure", "reason", "fraud_type", "ours", "theirs", "taken", "back",
    "lines", "type", "error",
)  # fmt: skip


def _sentences() -> dict[FindingKind, tuple[str, str]]:
    return {
        FindingKind.INTENT_WITHOUT_ORDER: (
            _("Stripe took %(amount)s %(currency)s (%(object)s) that belongs to no open order here."),
            _(
                "Look at the payment in Stripe's Dashboard. If a customer paid twice, or the order is gone, "
                "refund it there; the refund is taken in by itself."
            ),
        ),
        FindingKind.MISMATCH: (
            _("Order %(order)s was paid otherwise than agreed. %(note)s"),
            _(
                "Do not send anything yet. Compare the amounts, write to the customer, and give the money back "
                "on the order's page."
            ),
        ),
        FindingKind.NEEDS_REFUND: (
            _("Order %(order)s was paid after it had been cancelled. %(note)s"),
            _("Give the money back on the order's page; its stock may be sold already."),
        ),
        FindingKind.AUTHORISATION_ENDS: (
            _("The %(amount)s %(currency)s reserved for order %(order)s are released soon."),
            _(
                "Send the order and mark it as shipped, or take the money on the order's page. After the deadline the "
                "bank gives it back to the customer and the order is cancelled."
            ),
        ),
        FindingKind.CAPTURE_FAILED: (
            _("Order %(order)s: the reserved %(amount)s %(currency)s could not be taken: %(failure)s."),
            _(
                "Look at the payment in Stripe's Dashboard. If the money is still reserved, take it on the order's "
                "page; if not, write to the customer and ask for another way to pay, then mark this as dealt with."
            ),
        ),
        FindingKind.REFUND_UNCLEAR: (
            _("Stripe has not said what became of the refund of %(amount)s %(currency)s on order %(order)s."),
            _("Nothing to do: the shop asks again every ten minutes. If it stays, ask Stripe's support."),
        ),
        FindingKind.REFUND_FAILED: (
            _("The refund of %(amount)s %(currency)s on order %(order)s failed: %(failure)s."),
            _(
                "The money is back in your Stripe balance. Ask the customer for another way, such as a bank "
                "account, pay it there, then mark this as dealt with."
            ),
        ),
        FindingKind.REFUNDED_TOO_MUCH: (
            _("Of order %(order)s, %(taken)s %(currency)s were taken and %(back)s went back."),
            _("Refund and dispute met. Tell Stripe's support, and answer the dispute with the refund."),
        ),
        FindingKind.DISPUTE: (
            _("The bank of order %(order)s's customer wants %(amount)s %(currency)s back (%(reason)s)."),
            _(
                "Download the evidence pack and answer the dispute in Stripe's Dashboard before the deadline. "
                "Without an answer the money is lost."
            ),
        ),
        FindingKind.FRAUD_WARNING: (
            _("The card network warns that order %(order)s was probably fraud (%(fraud_type)s)."),
            _(
                "Do not send it. Give the money back now: most warnings become a dispute with a fee, and then it "
                "is too late."
            ),
        ),
        FindingKind.NOT_IN_STRIPES_BOOKS: (
            _(
                "Order %(order)s counts as paid (%(ours)s %(currency)s), but Stripe's books know no charge of it."
            ),
            _("Do not send it. Look for the payment in Stripe's Dashboard, and ask Stripe's support."),
        ),
        FindingKind.BOOKS_DIFFER: (
            _("On order %(order)s the shop counts %(ours)s %(currency)s and Stripe %(theirs)s (%(object)s)."),
            _(
                "Compare the order's payments here with the payment in Stripe's Dashboard; Stripe's is the money."
            ),
        ),
        FindingKind.NOT_IN_OUR_BOOKS: (
            _("Stripe took %(theirs)s %(currency)s for order %(order)s, which does not count as paid here."),
            _("Wait ten minutes for the next comparison. If it stays, refund it in Stripe's Dashboard."),
        ),
        FindingKind.PAYOUT_FAILED: (
            _("Stripe could not pay %(amount)s %(currency)s to your bank: %(failure)s."),
            _("Correct the bank account in Stripe's Dashboard. Stripe stops paying out until you do."),
        ),
        FindingKind.PAYOUT_DIFFERS: (
            _("Payout %(object)s is %(amount)s %(currency)s, but its lines add up to %(lines)s."),
            _(
                "Compare with the payout in Stripe's Dashboard, and ask Stripe's support for the missing line."
            ),
        ),
        FindingKind.EVENT_UNHANDLED: (
            _("Stripe's message %(object)s (%(type)s) could not be dealt with: %(error)s"),
            _(
                "Stripe sends it again for three days. If it stays, show it to whoever runs the shop's server."
            ),
        ),
    }
