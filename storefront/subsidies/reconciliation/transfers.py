"""Payments by bank transfer have no institution between: they are compared with what was seen, and with the bank."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from storefront.subsidies.facts.shapes import REFUND, SaleFact, TransferFact
from storefront.subsidies.reconciliation import levels
from storefront.subsidies.reconciliation.levels import ARRIVAL_DAYS, MOST_BANK_FEE, BankFact, Item

_WORD = re.compile(r"[A-Z0-9][A-Z0-9-]{2,}")


class BankLines:
    """The lines of the group's statements; each is taken once, by a transfer or by a payout."""

    def __init__(self, lines: Iterable[BankFact], *, payouts: Iterable[tuple[Decimal, str]] = ()) -> None:
        self.statement_to: date | None = None
        self._by_day: dict[date, list[BankFact]] = defaultdict(list)
        self._by_word: dict[str, list[BankFact]] = defaultdict(list)
        self._of_payouts = frozenset(payouts)
        for line in lines:
            self._by_day[line.booked_on].append(line)
            for word in _words(line.reference):
                self._by_word[word].append(line)
            self.statement_to = max(self.statement_to or line.booked_on, line.booked_on)

    def near(self, day: date) -> list[BankFact]:
        """Return the lines not taken that were booked within days of `day`."""
        steps = range(-ARRIVAL_DAYS, ARRIVAL_DAYS + 1)
        return [line for step in steps for line in self._by_day.get(day + timedelta(days=step), ())]

    def take(self, line: BankFact) -> None:
        """Let nobody else match a line."""
        self._by_day[line.booked_on].remove(line)

    def of_transfer(self, *, number: str, transfer: TransferFact) -> BankFact | None:
        """Take and return the line of a transfer: one that names the order, else one with the same sum.

        A sum that a payout has too is left to the payout.
        """
        if transfer.received_on is None or transfer.amount is None:
            return None
        near = self.near(transfer.received_on)
        near.sort(key=lambda line: (abs((line.booked_on - transfer.received_on).days), line.key))
        line = next(self._candidates(near, number=number, transfer=transfer), None)
        if line is not None:
            self.take(line)
        return line

    def _candidates(self, near: list[BankFact], *, number: str, transfer: TransferFact) -> Iterator[BankFact]:
        amount, currency = transfer.amount or Decimal(0), transfer.currency
        named = self._by_word.get(number.upper(), ())
        words = transfer.statement.strip().upper()
        same = [line for line in near if (line.amount, line.currency) == (amount, currency)]
        yield from (line for line in same if line in named)
        yield from (
            line for line in same if words and words in f"{line.reference} {line.counterparty}".upper()
        )
        yield from (line for line in near if line in named and line.currency != currency)
        yield from (line for line in near if line in named and 0 < amount - line.amount <= MOST_BANK_FEE)
        if (amount, currency) not in self._of_payouts:
            yield from (line for line in same if not _words(line.reference))


def charge_receipt(*, sale: SaleFact, transfer: TransferFact) -> Item:
    """R2: what was captured is what a person saw in the account; what went back of it is explained."""
    seen = transfer.amount or Decimal(0)
    if transfer.amount is None:
        kind = levels.UNMATCHED
    elif (seen, transfer.currency) != (sale.captured, sale.currency):
        kind = levels.DIFFERS
    else:
        kind = levels.REFUNDED if any(one.kind == REFUND for one in sale.back) else levels.EQUAL
    name = f"{transfer.received_on} {seen} {transfer.currency}" if transfer.amount is not None else ""
    return Item(levels.CHARGE_BOOKS, sale.number, name, sale.captured, seen, sale.currency, kind)


def receipt_bank(*, sale: SaleFact, transfer: TransferFact, lines: BankLines) -> Item:
    """R3: the transfer stands on a bank statement, at the applicant's own account."""
    bank = lines.of_transfer(number=sale.number, transfer=transfer)
    if bank is None:
        last = transfer.received_on and transfer.received_on + timedelta(days=ARRIVAL_DAYS)
        is_covered = last is None or (lines.statement_to is not None and last <= lines.statement_to)
        kind = levels.UNMATCHED if is_covered else levels.CUT_OFF
    elif not bank.is_applicants:
        kind = levels.OTHER_ENTITY
    elif bank.currency != transfer.currency:
        kind = levels.FX
    else:
        kind = levels.EQUAL if bank.amount == transfer.amount else levels.BANK_FEE
    name = f"{bank.booked_on} {bank.amount} {bank.currency}" if bank else ""
    right = bank.amount if bank else Decimal(0)
    left = transfer.amount if transfer.amount is not None else sale.captured
    return Item(levels.BOOKS_PAYOUT, sale.number, name, left, right, sale.currency, kind)


def _words(reference: str) -> set[str]:
    """Return what may be an order's number: words with a digit."""
    return {word for word in _WORD.findall(reference.upper()) if any(letter.isdigit() for letter in word)}
