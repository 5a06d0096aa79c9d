"""A stand-in for Stripe: a server which answers the real client and browsers as Stripe's test mode would.

It is for tests and demonstrations. No money moves, every object says livemode false, and live keys are
refused. It was written from Stripe's documentation and the types of stripe-python, not from Stripe's code,
and serves one-off payments only: payment intents, payment methods, refunds, charges, events, webhooks, a
few fields of customers, and a card form for the browser. Everything else answers 404 "the stand-in does not
serve …". A green test here proves nothing about Stripe: README.md lists where the two are known to differ,
and a run in Stripe's own test mode stays necessary.
"""

from .faults import Fault
from .server import StripeStandIn
from .webhooks import sign

__all__ = ["Fault", "StripeStandIn", "sign"]
