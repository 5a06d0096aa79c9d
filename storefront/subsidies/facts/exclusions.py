"""Which orders do not count, and why: the one place where that is decided.

A reason is a code with words of its own (`excluded.*`). The first that holds is given. Nothing can be marked as
counting: marks only take away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storefront.subsidies.facts.shapes import OrderTraits

TEST, UNSETTLED, CANCELLED, FREE = "test", "unsettled", "cancelled", "free"
STAFF, OWN, MARKETPLACE, NO_RATE, REFUNDED = "staff", "own", "marketplace", "no_rate", "refunded"
# What a person may say of orders by a mark.
MARKED_REASONS = (TEST, STAFF, OWN, MARKETPLACE)
REASONS = (TEST, UNSETTLED, CANCELLED, FREE, STAFF, OWN, MARKETPLACE, NO_RATE, REFUNDED)
BY_ORDER, BY_EMAIL, BY_DOMAIN, BY_ADDRESS = "order", "email", "domain", "address"
MARKED_BY = (BY_ORDER, BY_EMAIL, BY_DOMAIN, BY_ADDRESS)

# The relay addresses under which marketplaces hide a buyer: such an order was keyed in from there.
_MARKETPLACE_DOMAINS = ("marketplace.amazon.", "members.ebay.", "relay.walmart.", "mail.aliexpress.")


@dataclass(frozen=True)
class Marks:
    """What the company said of itself: reasons by order number, e-mail, e-mail domain and address."""

    found: Mapping[tuple[str, str], str] = field(default_factory=dict)
    staff_emails: frozenset[str] = frozenset()

    def reason(self, order: OrderTraits) -> str:
        """Return why an order is marked, or nothing."""
        email = order.email.strip().lower()
        seen = (
            (BY_ORDER, plain_value(order.number)),
            (BY_EMAIL, email),
            (BY_DOMAIN, email.rpartition("@")[2]),
            (BY_ADDRESS, address_value(postcode=order.postcode, street=order.street)),
        )
        return next((self.found[key] for key in seen if key in self.found), "")


def why_excluded(*, order: OrderTraits, marks: Marks) -> str:
    """Return the reason for which an order does not count; empty where it does."""
    email = order.email.strip().lower()
    domain = email.rpartition("@")[2]
    if not order.is_live:
        return TEST
    if not order.is_paid:
        return UNSETTLED
    if order.status == "Cancelled":
        return CANCELLED
    if order.captured <= 0:
        return FREE
    if email in marks.staff_emails:
        return STAFF
    if any(domain.startswith(known) for known in _MARKETPLACE_DOMAINS):
        return MARKETPLACE
    return marks.reason(order)


def plain_value(value: str) -> str:
    """Return a value of a mark as it is compared: without case and spaces."""
    return "".join(value.split()).lower()


def address_value(*, postcode: str, street: str) -> str:
    """Return an address as marks write it: postcode and first line, such as 518000|1 keji road."""
    return f"{plain_value(postcode)}|{plain_value(street)}"
