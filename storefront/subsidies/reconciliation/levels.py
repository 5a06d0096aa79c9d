"""The equalities an auditor proves (R1–R6), each giving an item with the class of its difference: pure.

A class is explained where it names why two amounts may differ; `unmatched` and `differs` are not, and stay to be done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from storefront.subsidies.facts.shapes import DISPUTE, REFUND, BookEntry, PayoutFact, SaleFact
from storefront.subsidies.facts.windows import day_of

ORDER_CHARGE, CHARGE_BOOKS, BOOKS_PAYOUT, PAYOUT_BANK, ORDER_PARCEL, PARCEL_CUSTOMS = (
    *("R1", "R2", "R3", "R4"),
    *("R5", "R6"),
)
LEVELS = (ORDER_CHARGE, CHARGE_BOOKS, BOOKS_PAYOUT, PAYOUT_BANK, ORDER_PARCEL, PARCEL_CUSTOMS)
EQUAL, UNMATCHED, DIFFERS = "equal", "unmatched", "differs"
GIFT_CARD, TIMING, REFUNDED, CHARGEBACK = "gift_card", "timing", "refunded", "chargeback"
MANUAL_PAYOUT, PAYOUT_FAILED, BANK_FEE, FX, CUT_OFF, OTHER_ENTITY = (
    *("manual_payout", "payout_failed", "bank_fee"),
    *("fx_conversion", "cut_off", "other_entity"),
)
IN_TRANSIT, UNTRACKED, NO_DELIVERY = "in_transit", "untracked", "digital"
FORWARDER, OVERSEAS_STOCK, PARTLY_DECLARED, UNDECLARED = (
    *("forwarder", "overseas_stock"),
    *("partly_declared", "undeclared"),
)
OPEN_CLASSES = frozenset({UNMATCHED, DIFFERS, MANUAL_PAYOUT, UNTRACKED, FORWARDER, UNDECLARED, OTHER_ENTITY})
ARRIVAL_DAYS = 5
BOOKING_DAYS = 7
MOST_BANK_FEE = Decimal(50)
_OVERSEAS_WAREHOUSE = "9810"


@dataclass(frozen=True, slots=True)
class Item:
    """Two sides of one level. `right` is empty where nothing was found on the other side."""

    level: str
    left: str
    right: str
    left_amount: Decimal
    right_amount: Decimal
    currency: str
    kind: str

    @property
    def difference(self) -> Decimal:
        """Left less right."""
        return self.left_amount - self.right_amount

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to explain it."""
        return self.kind in OPEN_CLASSES


@dataclass(frozen=True, slots=True)
class BankFact:
    """Money that arrived at an account, and whether the account is the applicant's own."""

    key: int
    booked_on: date
    amount: Decimal
    currency: str
    reference: str
    is_applicants: bool
    counterparty: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """Goods of an order declared to customs, in the currency of the declaration."""

    declaration: str
    mode: str
    fob: Decimal
    currency: str
    is_house: bool


def order_charge(*, sale: SaleFact, credit: Decimal) -> Item:
    """R1: the order's total is what was captured, and what gift cards paid."""
    left = sale.total - sale.captured
    kind = EQUAL if not left else GIFT_CARD if left == credit else DIFFERS
    return Item(ORDER_CHARGE, sale.number, str(sale.key), sale.total, sale.captured, sale.currency, kind)


def charge_books(*, sale: SaleFact, entries: Sequence[BookEntry], as_of: datetime) -> Item:
    """R2: what was captured less what went back is what the institution's books say, before its fees.

    In the customer's currency, which the books repeat where the balance has another.
    """
    returned = sum((one.amount for one in sale.back), Decimal(0))
    expected = sale.captured - returned
    booked = sum((_customers(one, sale.currency) for one in entries), Decimal(0))
    if not entries:
        is_fresh = as_of - sale.paid_at < timedelta(days=BOOKING_DAYS)
        kind = TIMING if is_fresh else UNMATCHED
    elif booked != expected:
        # The books lag behind a refund, or a dispute was decided that the shop has not heard of.
        kind = TIMING if booked == sale.captured and _is_fresh(sale, as_of) else DIFFERS
    elif any(one.kind == DISPUTE for one in sale.back):
        kind = CHARGEBACK
    else:
        kind = REFUNDED if any(one.kind == REFUND for one in sale.back) else EQUAL
    name = entries[0].name if entries else ""
    return Item(CHARGE_BOOKS, sale.number, name, expected, booked, sale.currency, kind)


def order_payout(*, sale: SaleFact, entries: Sequence[BookEntry], as_of: datetime) -> Item:
    """R3, order by order: the charge was paid out by a payout that lists it, or is not due yet."""
    charge = next((one for one in entries if one.category == "charge"), None)
    if charge is None:
        kind = TIMING if as_of - sale.paid_at < timedelta(days=BOOKING_DAYS) else UNMATCHED
        return Item(BOOKS_PAYOUT, sale.number, "", sale.captured, Decimal(0), sale.currency, kind)
    if charge.payout:
        kind, right = EQUAL, charge.net
    else:
        is_due = charge.available_on + timedelta(days=BOOKING_DAYS) < as_of
        kind, right = (MANUAL_PAYOUT if is_due else TIMING), Decimal(0)
    return Item(BOOKS_PAYOUT, charge.name, charge.payout, charge.net, right, charge.currency, kind)


def payout_lines(payout: PayoutFact) -> Item:
    """R3: an automatic payout is the sum of its lines; of a manual one nobody can say what it paid out."""
    if payout.status in ("failed", "canceled"):
        kind = PAYOUT_FAILED
    elif not payout.is_automatic:
        kind = MANUAL_PAYOUT
    elif not payout.is_itemised:
        kind = TIMING
    else:
        kind = EQUAL if payout.lines_net == payout.amount else DIFFERS
    sums = (payout.amount, payout.lines_net)
    return Item(BOOKS_PAYOUT, payout.payout_id, "Σ", *sums, currency=payout.currency, kind=kind)


def payout_bank(
    *, payout: PayoutFact, bank: BankFact | None, statement_to: date | None, as_of: datetime
) -> Item:
    """R4: the payout arrived at the bank: same sum and currency, within days, at the applicant's own account."""
    if payout.status in ("failed", "canceled"):
        return _to_bank(payout, bank, PAYOUT_FAILED)
    if bank is None:
        is_covered = (
            statement_to is not None and payout.arrives_on + timedelta(days=ARRIVAL_DAYS) <= statement_to
        )
        is_due = payout.arrives_on <= day_of(as_of)
        return _to_bank(payout, bank, UNMATCHED if is_covered else CUT_OFF if is_due else TIMING)
    if not bank.is_applicants:
        return _to_bank(payout, bank, OTHER_ENTITY)
    if bank.currency != payout.currency:
        return _to_bank(payout, bank, FX)
    return _to_bank(payout, bank, EQUAL if bank.amount == payout.amount else BANK_FEE)


def match_bank(*, payout: PayoutFact, lines: Collection[BankFact]) -> BankFact | None:
    """Return the bank line of a payout among those not taken: the same sum, else a little less, else its reference.

    Nearest to the day of arrival first, then in the order of the statement.
    """
    near = [
        line
        for line in lines
        if line.amount > 0 and abs((line.booked_on - payout.arrives_on).days) <= ARRIVAL_DAYS
    ]
    near.sort(key=lambda line: (abs((line.booked_on - payout.arrives_on).days), line.key))
    same = [line for line in near if line.currency == payout.currency]
    exact = next((line for line in same if line.amount == payout.amount), None)
    if exact:
        return exact
    named = [line for line in near if payout.payout_id in line.reference]
    if payout.bank_reference:
        named += [line for line in near if payout.bank_reference in line.reference]
    little_less = [line for line in same if 0 < payout.amount - line.amount <= MOST_BANK_FEE]
    return next(iter([line for line in named if line in little_less or line not in same] + little_less), None)


def order_parcel(sale: SaleFact) -> Item:
    """R5: the order went out with a carrier's number and was delivered."""
    right = sale.captured if sale.is_tracked and sale.is_delivered else Decimal(0)
    if not sale.country:
        kind = NO_DELIVERY
    elif not sale.is_shipped:
        kind = UNMATCHED
    elif not sale.is_tracked:
        kind = UNTRACKED
    else:
        kind = EQUAL if sale.is_delivered else IN_TRANSIT
    return Item(ORDER_PARCEL, sale.number, sale.tracking, sale.captured, right, sale.currency, kind)


def order_customs(*, sale: SaleFact, goods: Decimal, declared: Sequence[Declared]) -> Item:
    """R6: the goods of the order (net of tax and delivery) were declared, by the house and in full."""
    same = [one for one in declared if one.currency == sale.currency]
    fob = sum((one.fob for one in same), Decimal(0))
    if not declared:
        kind = UNDECLARED
    elif not all(one.is_house for one in declared):
        kind = FORWARDER
    elif len(same) < len(declared):
        kind = FX
    elif any(one.mode == _OVERSEAS_WAREHOUSE for one in declared):
        kind = OVERSEAS_STOCK
    else:
        kind = EQUAL if fob >= goods else PARTLY_DECLARED
    name = declared[0].declaration if declared else ""
    return Item(PARCEL_CUSTOMS, sale.number, name, goods, fob, sale.currency, kind)


def _to_bank(payout: PayoutFact, bank: BankFact | None, kind: str) -> Item:
    right = bank.amount if bank else Decimal(0)
    name = f"{bank.booked_on} {bank.amount} {bank.currency}" if bank else ""
    return Item(PAYOUT_BANK, payout.payout_id, name, payout.amount, right, payout.currency, kind)


def _customers(entry: BookEntry, currency: str) -> Decimal:
    """Return an entry's amount in the customer's currency; a dispute's or reversal's own fee is not part of it."""
    if entry.charged_amount is not None and entry.charged_currency == currency:
        return entry.charged_amount
    return entry.amount if entry.currency == currency else Decimal(0)


def _is_fresh(sale: SaleFact, as_of: datetime) -> bool:
    return any(as_of - one.at < timedelta(days=BOOKING_DAYS) for one in sale.back)
