"""Write the order before any money moves: numbered, stock reserved, the amount promised."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from storefront.markets.selectors.stock import choose_record
from storefront.markets.selectors.titles import titles_for
from storefront.payments import gateway
from storefront.payments.arrival import arrival_days
from storefront.payments.errors import BasketClosed, SoldOut, TotalChanged, VoucherRefused
from storefront.payments.models import OrderNumber, Payment, PaymentWay
from storefront.payments.quotes import Quote, Terms, quote_order
from storefront.payments.services.address_book import remember_address
from storefront.payments.services.cards import record_consent
from storefront.payments.services.order_tax import record_tax
from storefront.payments.services.records import record_paid
from storefront.payments.services.transfer_mail import send_transfer_details
from storefront.payments.services.ways import check_charge, payment_setup, takes_real_money, time_to_pay
from storefront.tender.errors import CreditChanged
from storefront.tender.services import spend_credit

Basket = get_model("basket", "Basket")
StockRecord = get_model("partner", "StockRecord")


@dataclass(frozen=True)
class Placed:
    """The payment of the placed order, and whether this call placed it.

    `next_basket` holds what was in the basket and is not sold in the shopper's market; None where there was nothing.
    """

    payment: Payment
    is_new: bool
    next_basket: Any = None


def take_order_number(*, now: datetime) -> str:
    """Return a new order number, such as SK-100001; never the same twice."""
    return str(OrderNumber.objects.create(taken_at=now))


def place_order(
    *,
    basket: Any,
    user: Any,
    email: str,
    shipping_address: Any,
    billing_address: Any,
    shipping_method: Any,
    shown_total: Decimal | None,
    now: datetime,
    terms: Terms | None = None,
    credit_accounts: Sequence[int] = (),
    shown_credit: Decimal | None = None,
    way: PaymentWay = PaymentWay.STRIPE,
    saves_card: bool = False,
) -> Placed:
    """Turn the basket into an order that awaits payment; the same basket again gives the same order.

    The addresses are unsaved order addresses. `shown_total` is what the shopper saw; None skips that check.
    `credit_accounts` are the gift cards and store credit to pay from first, `shown_credit` what they were said to
    pay. `saves_card` is a signed-in customer's own tick, whose words and time are kept.
    Without `terms`, while no market is open, no tax is charged. Call it outside any transaction.
    Raises SoldOut, TotalChanged, CreditChanged, BasketClosed, VoucherRefused, TaxUnavailable, TransferNotOffered
    or AmountTooSmall; then nothing is written.
    """
    quote = quote_order(basket=basket, method=shipping_method, terms=terms, now=now)
    with transaction.atomic():
        locked = Basket.objects.select_for_update().filter(pk=basket.pk).first()
        if locked is None or not locked.can_be_edited or basket.is_empty:
            # What was ordered can no longer be edited.
            existing = (
                Payment.objects.select_related("order").filter(basket=locked).first() if locked else None
            )
            if existing:
                return Placed(existing, is_new=False)
            raise BasketClosed(_("Your basket has changed in another window. Look at it again, then order."))
        titles = titles_for(
            products=[line.product for line in basket.all_lines()],
            language=get_language() or settings.LANGUAGE_CODE,
        )
        _reserve(basket, titles)
        _check_total(quote.total, shown_total)
        keep_for = time_to_pay(way=way, currency=quote.currency)
        gateway.to_minor_units(amount=quote.total, currency=quote.currency)
        order = _write_order(
            basket=basket,
            user=user,
            email=email,
            addresses=(shipping_address, billing_address),
            shipping_method=shipping_method,
            quote=quote,
            has_tax=terms is not None,
            titles=titles,
            now=now,
        )
        if terms:
            record_tax(order=order, quote=quote, terms=terms)
        next_basket = _keep_aside(basket)
        basket.submit()
        credit = spend_credit(
            order=order,
            accounts=credit_accounts,
            amount=order.total_incl_tax,
            currency=order.currency,
            now=now,
        )
        _check_credit(credit, shown_credit)
        check_charge(way=way, amount=order.total_incl_tax - credit, currency=order.currency)
        days = (None, None)
        if way != PaymentWay.BANK_TRANSFER or credit == order.total_incl_tax:
            days = arrival_days(method=shipping_method, today=timezone.localdate(now))
        payment = _promise(
            order=order, basket=basket, credit=credit, way=way, keep_for=keep_for, days=days, now=now
        )
        if saves_card and user.is_authenticated and way == PaymentWay.STRIPE and payment.amount:
            payment.saves_card = True
            payment.save(update_fields=["saves_card"])
            record_consent(user=user, payment=payment, now=now)
        if payment.amount == 0:
            record_paid(payment, now=now, method="")
        elif payment.is_transfer:
            transaction.on_commit(partial(send_transfer_details.enqueue, payment.pk))
    return Placed(payment, is_new=True, next_basket=next_basket)


def _reserve(basket: Any, titles: dict[int, str]) -> None:
    """Lock the stock of every line, in key order, choose where it comes from, and make sure there is enough."""
    lines = list(basket.all_lines())
    records: defaultdict[int, list[Any]] = defaultdict(list)
    for record in (
        StockRecord.objects.select_for_update(of=("self",))
        .select_related("partner", "product__product_class", "product__parent__product_class")
        .filter(product_id__in=[line.product_id for line in lines])
        .order_by("pk")
    ):
        records[record.product_id].append(record)
    wanted = Counter[int]()
    for line in lines:
        wanted[line.product_id] += line.quantity
    missing = []
    for line in lines:
        quantity = wanted[line.product_id]
        record = choose_record(records[line.product_id], basket.market, quantity=quantity)
        if record is None or not record.product.is_public:
            missing.append(_("%(product)s is no longer sold.") % {"product": titles[line.product.pk]})
            continue
        # What the order is written from: the locked row, and products read with it.
        line.stockrecord, line.product = record, record.product
        policy = basket.strategy.availability_at(record.product, record)
        if not policy.is_purchase_permitted(quantity)[0]:
            left = max(record.net_stock_level, 0)
            sentence = _("%(product)s: only %(left)d left.") if left else _("%(product)s is sold out.")
            missing.append(sentence % {"product": titles[record.product.pk], "left": left})
    if missing:
        advice = _("Change your basket, then order again. Nothing was charged.")
        raise SoldOut(" ".join([*missing, advice]), lines=missing)


def _check_total(total: Decimal, shown_total: Decimal | None) -> None:
    if shown_total is not None and total != shown_total:
        raise TotalChanged(
            _(
                "The total has changed since you opened this page. "
                "Check it, then order again. Nothing was charged."
            ),
            total=total,
        )


def _check_credit(credit: Decimal, shown_credit: Decimal | None) -> None:
    if shown_credit is not None and credit != shown_credit:
        raise CreditChanged(
            _(
                "Your gift card or store credit has changed since you opened this page. "
                "Check what is left to pay, then order again. Nothing was charged."
            )
        )


def _write_order(
    *,
    basket: Any,
    user: Any,
    email: str,
    addresses: tuple[Any, Any],
    shipping_method: Any,
    quote: Quote,
    has_tax: bool,
    titles: dict[int, str],
    now: datetime,
) -> Any:
    shipping_address, billing_address = addresses
    for address in addresses:
        address.save()
    if user.is_authenticated:
        remember_address(user, shipping_address)
    creator = get_class("order.utils", "OrderCreator")(quote=quote, has_tax=has_tax, titles=titles)
    try:
        return creator.place_order(
            basket=basket,
            total=quote.order_total,
            shipping_method=shipping_method,
            shipping_charge=quote.delivery_charge if has_tax else shipping_method.calculate(basket),
            user=user,
            shipping_address=shipping_address,
            billing_address=billing_address,
            order_number=take_order_number(now=now),
            status=settings.OSCAR_INITIAL_ORDER_STATUS,
            guest_email="" if user.is_authenticated else email,
            date_placed=now,
        )
    except ValueError as error:  # all Oscar says of a voucher that ran out meanwhile
        raise VoucherRefused(
            _("%(reason)s. Remove it from your basket, then order again.")
            % {"reason": str(error).rstrip(".")}
        ) from error


def _keep_aside(basket: Any) -> Any:
    """Move the lines that were not ordered, not being sold in the market, to a basket that stays open."""
    lines = basket.aside_lines()
    if not lines:
        return None
    kept = Basket.objects.create(owner=basket.owner)
    type(lines[0]).objects.filter(pk__in=[line.pk for line in lines]).update(basket=kept)
    return kept


def _promise(
    *,
    order: Any,
    basket: Any,
    credit: Decimal,
    way: PaymentWay,
    keep_for: timedelta,
    days: tuple[date | None, date | None],
    now: datetime,
) -> Payment:
    setup = payment_setup(way)
    reference = uuid.uuid4()
    return Payment.objects.create(
        order=order,
        basket_id=basket.pk,
        reference=reference,
        attempt_key=f"{reference.hex}-1",
        amount=order.total_incl_tax - credit,
        currency=order.currency,
        way=way,
        captures_later=setup.captures_later,
        is_hosted=setup.is_hosted,
        is_live=takes_real_money(way),
        language=get_language() or settings.LANGUAGE_CODE,
        created_at=now,
        arrives_from=days[0],
        arrives_by=days[1],
        expires_at=now + keep_for,
    )
