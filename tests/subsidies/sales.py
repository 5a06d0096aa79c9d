"""Orders that were paid, written straight into the shop's tables: what facts are read from."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from oscar.apps.partner.models import Partner
from oscar.core.loading import get_model

from storefront.payments.models import BalanceTransaction, Dispute, Payment, Payout, PayoutLine, Refund

Country = get_model("address", "Country")
Line = get_model("order", "Line")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ShippingAddress = get_model("order", "ShippingAddress")
ShippingEvent = get_model("order", "ShippingEvent")
ShippingEventType = get_model("order", "ShippingEventType")

_numbers = count(1)


def sell(
    *,
    at: str | datetime,
    amount: str = "100.00",
    currency: str = "USD",
    net: str | None = None,
    delivery: str = "0.00",
    email: str = "",
    user=None,
    country: str = "US",
    postcode: str = "10001",
    street: str = "1 Main St",
    state: str = "paid",
    status: str = "Paid",
    is_live: bool = True,
    captured: str | None = None,
    goods: tuple[tuple[str, str], ...] = (),
    tracking: str = "",
    is_delivered: bool = False,
) -> Payment:
    """Write an order paid `at` (ISO, with its time zone); `net` is without tax; `goods` are brand and net amount."""
    number = next(_numbers)
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    land, _ = Country.objects.get_or_create(
        iso_3166_1_a2=country, defaults={"printable_name": country, "name": country}
    )
    order = Order.objects.create(
        number=f"T-{number}",
        currency=currency,
        total_incl_tax=Decimal(amount),
        total_excl_tax=Decimal(net or amount),
        shipping_incl_tax=Decimal(delivery),
        shipping_excl_tax=Decimal(delivery),
        status=status,
        user=user,
        guest_email="" if user else email or f"buyer{number}@mail.test",
        date_placed=at,
        shipping_address=ShippingAddress.objects.create(
            first_name="A", last_name="B", line1=street, line4="City", postcode=postcode, country=land
        ),
    )
    for brand, price in goods:
        _add_line(order, brand=brand, price=Decimal(price))
    if tracking or is_delivered:
        _ship(order, tracking=tracking, is_delivered=is_delivered, at=at + timedelta(days=1))
    money = Decimal(amount if captured is None else captured)
    return Payment.objects.create(
        order=order,
        attempt_key=uuid.uuid4().hex,
        intent_id=f"pi_{uuid.uuid4().hex}",
        amount=money,
        currency=currency,
        is_live=is_live,
        language="en",
        state=state,
        created_at=at,
        expires_at=at,
        paid_at=at,
    )


def refund(payment: Payment, *, at: str, amount: str, state: str = "succeeded") -> Refund:
    """Give a part of a payment back."""
    moment = datetime.fromisoformat(at)
    return Refund.objects.create(
        payment=payment,
        refund_id=f"re_{uuid.uuid4().hex}",
        amount=Decimal(amount),
        currency=payment.currency,
        state=state,
        requested_at=moment,
        changed_at=moment,
    )


def dispute(payment: Payment, *, at: str, status: str = "needs_response") -> Dispute:
    """Let the customer's bank want a payment back."""
    moment = datetime.fromisoformat(at)
    return Dispute.objects.create(
        payment=payment,
        dispute_id=f"dp_{uuid.uuid4().hex}",
        amount=payment.amount,
        currency=payment.currency,
        reason="fraudulent",
        status=status,
        opened_at=moment,
        changed_at=moment,
    )


def book(
    payment: Payment,
    *,
    amount: str | None = None,
    fee: str = "0",
    category: str = "charge",
    currency: str = "",
    charged: tuple[str, str] | None = None,
) -> BalanceTransaction:
    """Write a line of the payment institution's books."""
    gross, paid = Decimal(payment.amount if amount is None else amount), Decimal(fee)
    return BalanceTransaction.objects.create(
        transaction_id=f"txn_{uuid.uuid4().hex}",
        type=category,
        category=category,
        payment=payment,
        amount=gross,
        fee=paid,
        net=gross - paid,
        currency=currency or payment.currency,
        charged_amount=Decimal(charged[0]) if charged else None,
        charged_currency=charged[1] if charged else "",
        created_at=payment.paid_at,
        available_on=payment.paid_at + timedelta(days=2),
    )


def pay_out(
    entries: list[BalanceTransaction],
    *,
    arrives: date,
    amount: str | None = None,
    is_automatic: bool = True,
    name: str = "",
) -> Payout:
    """Pay lines of the books out to the bank; a manual payout lists none."""
    made = datetime.combine(arrives - timedelta(days=3), datetime.min.time(), UTC)
    payout = Payout.objects.create(
        payout_id=name or f"po_{uuid.uuid4().hex}",
        amount=sum(entry.net for entry in entries) if amount is None else Decimal(amount),
        currency=entries[0].currency,
        status="paid",
        is_automatic=is_automatic,
        arrives_on=arrives,
        created_at=made,
        itemised_at=made if is_automatic else None,
    )
    for entry in entries if is_automatic else ():
        PayoutLine.objects.create(payout=payout, transaction=entry)
    return payout


def branded_product(brand: str):
    """Return a product of a brand, made once."""
    kind, _ = ProductClass.objects.get_or_create(name="Goods")
    attribute, _ = kind.attributes.get_or_create(code="brand", defaults={"name": "Brand", "type": "text"})
    product, is_new = Product.objects.get_or_create(title=f"Thing of {brand}", product_class=kind)
    if is_new and brand:
        attribute.save_value(product, brand)
    return product


def _add_line(order, *, brand: str, price: Decimal) -> None:
    Line.objects.create(
        order=order,
        partner=Partner.objects.get_or_create(name="House")[0],
        partner_sku=f"SKU-{brand}",
        product=branded_product(brand),
        title=brand,
        quantity=1,
        line_price_incl_tax=price,
        line_price_excl_tax=price,
        line_price_before_discounts_incl_tax=price,
        line_price_before_discounts_excl_tax=price,
        num_allocated=0,
    )


def _ship(order, *, tracking: str, is_delivered: bool, at: datetime) -> None:
    for name in ("Shipped", "Delivered") if is_delivered else ("Shipped",):
        kind, _ = ShippingEventType.objects.get_or_create(name=name)
        event = ShippingEvent.objects.create(order=order, event_type=kind, notes=tracking)
        ShippingEvent.objects.filter(pk=event.pk).update(date_created=at)
