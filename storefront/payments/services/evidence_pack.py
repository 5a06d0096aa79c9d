"""What an answer to a dispute needs, in one archive: the order, its delivery, its messages, and Stripe's fields."""

import csv
import io
import json
import zipfile
from typing import Any

from oscar.core.loading import get_model

from storefront.payments.models import Dispute
from storefront.payments.selectors.timeline import timeline_of

Order = get_model("order", "Order")
_FIXED = (1980, 1, 1, 0, 0, 0)
_LONGEST_FIELD = 20_000  # docs.stripe.com/api/disputes/evidence_object: characters of a text field
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def build_evidence_pack(dispute: Dispute) -> bytes:
    """Return a zip: `order.txt` to read, `stripe-fields.json` to copy into Stripe's form, `lines.csv`."""
    order = (
        Order.objects.select_related(
            "user", "shipping_address__country", "billing_address__country", "payment"
        )
        .prefetch_related(
            "lines",
            "shipping_events__event_type",
            "shipping_events__parcels",
            "notes",
            "communication_events__event_type",
        )
        .get(payment=dispute.payment_id)
    )
    fields = _fields(order, dispute)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in (
            ("order.txt", _story(order, dispute)),
            ("stripe-fields.json", json.dumps(fields, indent=2, ensure_ascii=False)),
            ("lines.csv", _lines(order)),
        ):
            pack.writestr(zipfile.ZipInfo(name, date_time=_FIXED), text)
    return archive.getvalue()


def _fields(order: Any, dispute: Dispute) -> dict[str, str]:
    """Return Stripe's text fields that the shop knows, by Stripe's names."""
    billing, shipping = order.billing_address, order.shipping_address
    sent = list(order.shipping_events.all())
    fields = {
        "customer_name": (billing or shipping).name if billing or shipping else "",
        "customer_email_address": order.email or "",
        "billing_address": ", ".join(billing.active_address_fields()) if billing else "",
        "shipping_address": ", ".join(shipping.active_address_fields()) if shipping else "",
        "shipping_date": min(event.date_created for event in sent).date().isoformat() if sent else "",
        "shipping_tracking_number": "; ".join(filter(None, map(_parcels, sent))),
        "product_description": "; ".join(f"{line.quantity} × {line.title}" for line in order.lines.all()),
        "uncategorized_text": _story(order, dispute),
    }
    return {name: text[:_LONGEST_FIELD] for name, text in fields.items() if text}


def _parcels(event: Any) -> str:
    """Return carrier and number of what a shipping event sent, and its note."""
    return "; ".join(filter(None, (*map(str, event.parcels.all()), event.notes)))


def _story(order: Any, dispute: Dispute) -> str:
    """Return the order's history in English, the language the card networks read."""
    paid = f"{order.total_incl_tax} {order.currency}"
    lines = [
        f"Order {order.number}, placed {order.date_placed:%Y-%m-%d %H:%M} UTC, {paid}",
        f"Dispute {dispute.dispute_id}: {dispute.amount.normalize():f} {dispute.currency}, {dispute.reason}",
        "",
        "History of the payment",
        *(f"{m.at:%Y-%m-%d %H:%M}  {m.sentence} {m.detail}".rstrip() for m in timeline_of(order.payment)),
        "",
        "Delivery",
        *(
            f"{event.date_created:%Y-%m-%d %H:%M}  {event.event_type.name} {_parcels(event)}".rstrip()
            for event in order.shipping_events.all()
        ),
        "",
        "Notes and messages",
        *(
            f"{mail.date_created:%Y-%m-%d %H:%M}  mailed: {mail.event_type.name}"
            for mail in order.communication_events.all()
        ),
        *(f"{note.date_created:%Y-%m-%d %H:%M}  {note.message}" for note in order.notes.all()),
    ]
    return "\n".join(lines) + "\n"


def _lines(order: Any) -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["sku", "title", "quantity", "price incl. tax", "currency"])
    for line in order.lines.all():
        row = [line.partner_sku, line.title, line.quantity, line.line_price_incl_tax, order.currency]
        writer.writerow([f"'{c}" if str(c).startswith(_DANGEROUS) else c for c in row])
    return table.getvalue()
