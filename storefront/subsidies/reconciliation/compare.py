"""Walk through a window's orders once, side by side with books, payouts, bank, parcels and customs, in a stream."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from storefront.subsidies.facts.books import book_entries, credit_spent, read_payouts, transfers_of
from storefront.subsidies.facts.windows import day_of
from storefront.subsidies.kpi.amounts import CountedSale, Exchange, SalesTerms, cut
from storefront.subsidies.kpi.call_terms import sales_terms
from storefront.subsidies.kpi.formulas import share
from storefront.subsidies.kpi.measures import Reading
from storefront.subsidies.kpi.sales_rows import counted_sales
from storefront.subsidies.models import BankLine, CustomsLine, LegalEntity, Project, ReportedFigure
from storefront.subsidies.reconciliation import levels
from storefront.subsidies.reconciliation.levels import BankFact, Declared, Item
from storefront.subsidies.reconciliation.transfers import BankLines, charge_receipt, receipt_bank

CHUNK_ORDERS = 1000
BOOKS_LEVEL = "R7"
_SALES_WORDS = frozenset({"sales", "销售额", "独立站销售额"})
_TO_BANK = (levels.EQUAL, levels.BANK_FEE, levels.FX)
_BANK_MARGIN = timedelta(days=60)
_ZERO = Decimal(0)


@dataclass
class LevelSums:
    """How many items of a class a level has, and what their left sides add up to by currency."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    differences: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


class Comparison:
    """A project's comparison at a moment: `items()` is read once, then the sums are known."""

    def __init__(self, project: Project, *, as_of: datetime) -> None:
        self.project, self.as_of = project, as_of
        self.terms: SalesTerms = sales_terms(project.call)
        self._reading = Reading(project, as_of=as_of)
        self._exchange = Exchange(self.terms, self._reading.rates)
        self.sums: dict[str, dict[str, LevelSums]] = {
            level: defaultdict(LevelSums) for level in (*levels.LEVELS, BOOKS_LEVEL)
        }
        self.captured = self.paid_out = self.goods = self.declared = _ZERO
        self.payouts = self.banked = _ZERO
        self.manual_payouts = self.orders = 0
        self.variants: dict[str, Decimal] = defaultdict(Decimal)

    def items(self) -> Iterator[Item]:
        """Yield every comparison, level by level for each order, then payouts, then what was told to others."""
        for item in self._all_items():
            sums = self.sums[item.level][item.kind]
            sums.count += 1
            sums.amounts[item.currency] += item.left_amount
            sums.differences[item.currency] += item.difference
            yield item

    @property
    def shares(self) -> dict[str, Any]:
        """K16, K17 and K19 in per cent; None where there was nothing to match."""
        return {
            "K16": share(self.paid_out, self.captured),
            "K17": share(self.banked, self.payouts),
            "K19": share(self.declared, self.goods),
        }

    @property
    def open_items(self) -> int:
        """How many items nobody has an explanation for."""
        return sum(
            sums.count
            for kinds in self.sums.values()
            for kind, sums in kinds.items()
            if kind in levels.OPEN_CLASSES
        )

    def _all_items(self) -> Iterator[Item]:
        house = _house_names(self.project)
        names: set[str] = set()
        paid_out = read_payouts(self.terms.window, until=day_of(self.as_of), names=names)
        self._bank = BankLines(
            _bank_lines(self.project, self.terms), payouts=((one.amount, one.currency) for one in paid_out)
        )
        counting = (one for one in counted_sales(self._reading, self.terms) if not one.excluded_as)
        while chunk := list(islice(counting, CHUNK_ORDERS)):
            yield from self._orders(chunk, house=house, names=names)
        yield from self._payouts(names)
        yield from self._told_to_others()

    def _orders(self, chunk: list[CountedSale], *, house: set[str], names: set[str]) -> Iterator[Item]:
        entries = book_entries([one.sale.key for one in chunk], as_of=self.as_of)
        transfers = transfers_of([one.sale.key for one in chunk])
        credit = credit_spent(one.sale.number for one in chunk)
        declared = _declared(chunk, house=house, group=self.project.entity.group)
        for one in chunk:
            sale, booked = one.sale, entries[one.sale.key]
            lines = declared[sale.number] or declared.get(sale.tracking, [])
            yield levels.order_charge(sale=sale, credit=credit.get(sale.number, _ZERO))
            if sale.key in transfers:
                transfer = transfers[sale.key]
                yield charge_receipt(sale=sale, transfer=transfer)
                payout = receipt_bank(sale=sale, transfer=transfer, lines=self._bank)
            else:
                yield levels.charge_books(sale=sale, entries=booked, as_of=self.as_of)
                payout = levels.order_payout(sale=sale, entries=booked, as_of=self.as_of)
                if payout.kind == levels.EQUAL:
                    names.add(payout.right)
            self._add(one, payout, lines)
            yield payout
            yield levels.order_parcel(sale)
            yield levels.order_customs(sale=sale, goods=_goods(one), declared=lines)

    def _add(self, one: CountedSale, payout: Item, lines: list[Declared]) -> None:
        self.orders += 1
        self.captured += one.gross
        self.goods += one.ex_delivery
        for basis in ("gross", "net", "ex_tax", "ex_delivery"):
            self.variants[basis] += one.amount(basis)
        if payout.kind in _TO_BANK:
            self.paid_out += one.gross
        worth = sum(
            (
                self._in_unit(line.fob, line.currency, day_of(one.sale.paid_at))
                for line in lines
                if line.is_house
            ),
            _ZERO,
        )
        self.declared += min(worth, one.ex_delivery)

    def _payouts(self, names: set[str]) -> Iterator[Item]:
        for payout in read_payouts(self.terms.window, until=day_of(self.as_of), names=names):
            bank = levels.match_bank(payout=payout, lines=self._bank.near(payout.arrives_on))
            if bank:
                self._bank.take(bank)
            item = levels.payout_bank(
                payout=payout, bank=bank, statement_to=self._bank.statement_to, as_of=self.as_of
            )
            worth = self._in_unit(payout.amount, payout.currency, payout.arrives_on)
            if item.kind != levels.PAYOUT_FAILED:
                self.payouts += worth
                self.banked += worth if item.kind in _TO_BANK else _ZERO
                self.manual_payouts += not payout.is_automatic
            yield levels.payout_lines(payout)
            yield item

    def _told_to_others(self) -> Iterator[Item]:
        """R7: what accounts, tax office and statistics bureau were told is one of our four ways of counting."""
        told = ReportedFigure.objects.filter(project=self.project, currency=self.terms.unit).order_by("pk")
        for figure in told:
            if figure.what.strip().lower() not in _SALES_WORDS:
                continue
            same = next((way for way, sum_ in self.variants.items() if sum_ == figure.amount), "")
            ours = figure.amount if same else self.variants[self.terms.basis]
            kind = levels.EQUAL if same else levels.DIFFERS
            yield Item(BOOKS_LEVEL, figure.told_to, same, figure.amount, ours, figure.currency, kind)

    def _in_unit(self, amount: Decimal, currency: str, day: date) -> Decimal:
        factor = self._exchange.factor(currency, day)
        return cut(Fraction(amount) * factor) if factor is not None else _ZERO


def _goods(one: CountedSale) -> Decimal:
    """Return what was paid for the goods of an order, without tax and delivery, in its own currency."""
    sale = one.sale
    left = sale.captured - sum((back.amount for back in sale.back), _ZERO)
    return cut(Fraction(left) * Fraction(sale.total_net - sale.delivery_net) / Fraction(sale.total))


def _house_names(project: Project) -> set[str]:
    names: set[str] = set()
    for entity in LegalEntity.objects.filter(group=project.entity.group):
        names |= {entity.name_zh.strip(), entity.name_en.strip().lower(), entity.registration_number.strip()}
    return names - {""}


def _declared(chunk: Iterable[CountedSale], *, house: set[str], group: str) -> dict[str, list[Declared]]:
    keys = {key for one in chunk for key in (one.sale.number, one.sale.tracking) if key}
    found: dict[str, list[Declared]] = defaultdict(list)
    rows = CustomsLine.objects.filter(group=group, reference__in=keys).order_by("declared_on", "pk")
    for row in rows.iterator():
        declarant = row.declarant.strip()
        is_house = not declarant or declarant in house or declarant.lower() in house
        found[row.reference].append(Declared(row.declaration, row.mode, row.fob, row.currency, is_house))
    return found


def _bank_lines(project: Project, terms: SalesTerms) -> list[BankFact]:
    rows = BankLine.objects.filter(
        entity__group=project.entity.group,
        amount__gt=0,
        booked_on__gte=terms.window.first,
        booked_on__lte=terms.window.last + _BANK_MARGIN,
    ).order_by("booked_on", "pk")
    return [
        BankFact(
            row.pk,
            row.booked_on,
            row.amount,
            row.currency,
            row.reference,
            row.entity_id == project.entity_id,
            row.counterparty,
        )
        for row in rows
    ]
