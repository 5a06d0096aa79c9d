"""Parcels: written down when an order is shipped, told to its customer once, with links to carriers we know alone."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.core.carriers import TRACKING_ADDRESSES, tracking_address
from storefront.payments.errors import ParcelRefused
from storefront.payments.models import CaptureTime, Dispute, Parcel, Payment, PaymentSetup
from storefront.payments.services import read_parcels, reconcile
from storefront.payments.services.shipped_mail import send_shipped_mail
from storefront.privacy.personal_data import read_personal_data
from tests.payments.merchant import deliver_new
from tests.payments.shopper import make_product

pytestmark = pytest.mark.django_db
ShippingEvent = get_model("order", "ShippingEvent")
ShippingEventType = get_model("order", "ShippingEventType")
NUMBER = "00340434161094042557"


@pytest.fixture
def paid(shopper):
    """A paid order of two pieces of one product."""
    shopper.add(make_product(title="Watering can"), quantity=2)
    order = shopper.order()
    order.pay()
    order.deliver()
    Payment.objects.update(confirmed_at=timezone.now())
    return order


@pytest.fixture
def post(paid, admin_client, django_capture_on_commit_callbacks):
    """Return a sender of the back office's page of the order; what follows the commit is done, too."""

    def post(client=admin_client, **data):
        address = f"/admin/shop/orders/{paid.payment.order.number}/"
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data)

    return post


@pytest.fixture
def ship(post):
    def ship(carrier="", numbers=""):
        return post(
            order_action="change_order_status",
            new_status="Shipped",
            carrier=carrier,
            parcel_numbers=numbers,
        )

    return ship


@pytest.fixture
def send_one(post, paid):
    """Send one piece of the order's only line."""

    def send_one(carrier="", numbers=""):
        line = paid.payment.order.lines.get()
        return post(
            line_action="create_shipping_event",
            shipping_event_type="shipped",
            selected_line=line.pk,
            carrier=carrier,
            parcel_numbers=numbers,
            reference="",
            **{f"selected_line_qty_{line.pk}": "1"},
        )

    return send_one


def page_of(order):
    return " ".join(order.shopper.client.get(f"/checkout/order/{order.token}/").content.decode().split())


def written():
    return list(Parcel.objects.values_list("carrier", "number"))


def test_shipped_order_keeps_its_parcels_and_tells_the_customer_once(paid, ship):
    ship("dhl paket", f"{NUMBER}\n\n JD 01 \n{NUMBER}\n")
    order = paid.payment.order
    assert (order.status, written()) == ("Shipped", [("DHL Paket", NUMBER), ("DHL Paket", "JD 01")])
    event = ShippingEvent.objects.get()
    assert [(sent.line.title, sent.quantity) for sent in event.line_quantities.all()] == [("Watering can", 2)]
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["anna@example.test"],
        f"Your order {order.number} is on its way",
    )
    [(html, _kind)] = message.alternatives
    link = f"https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={NUMBER}"
    for text in (message.body, html):
        for words in (f"DHL Paket {NUMBER}", "JD 01", link, "at www.dhl.de", "14 Linden Street", "Arrives"):
            assert words in text
        assert "Watering can" not in text
    assert send_shipped_mail.call(event.pk) is False
    reconcile(now=timezone.now() + timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_order_shipped_without_a_number_is_told_all_the_same(paid, ship):
    ship()
    assert written() == [("", "")]
    assert len(mail.outbox) == 1
    assert 'class="parcel"' not in page_of(paid)


def test_order_page_shows_the_parcel_and_says_where_its_link_leads(paid, ship):
    ship("UPS", "1Z 999 AA1")
    page = page_of(paid)
    assert "Your order is on its way" in page
    assert (
        '<span class="parcel">UPS 1Z 999 AA1 <a href="https://www.ups.com/track?tracknum=1Z999AA1" '
        'rel="noopener noreferrer">Follow the parcel at www.ups.com</a></span>'
    ) in page


def test_account_shows_the_parcel(paid, ship, django_user_model):
    ship("UPS", "1Z999AA1")
    user = django_user_model.objects.create_user(email="anna@example.test", password="correct horse")
    order, client = paid.payment.order, paid.shopper.client
    type(order).objects.update(user=user, guest_email="")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/account/orders/{order.number}/").content.decode()
    assert 'href="https://www.ups.com/track?tracknum=1Z999AA1" rel="noopener noreferrer"' in page
    data = read_personal_data(customer=user, consent_token=None, now=timezone.now())["orders"][0]
    assert [(parcel["carrier"], parcel["number"]) for parcel in data["parcels"]] == [("UPS", "1Z999AA1")]
    assert data["arrival_promised"]["arrives_by"] == paid.payment.arrives_by.isoformat()


def test_part_of_an_order_is_told_as_a_part_with_its_pieces(paid, send_one, ship):
    send_one("UPS", "1Z999AA1")
    assert "A part of your order is on its way" in page_of(paid)
    [message] = mail.outbox
    assert message.subject == f"A part of your order {paid.payment.order.number} is on its way"
    assert "1 x Watering can" in message.body
    send_one("UPS", "1Z999AA2")
    assert "Your order is on its way" in page_of(paid)
    assert len(mail.outbox) == 2
    ship()
    assert (paid.payment.order.status, len(mail.outbox), ShippingEvent.objects.count()) == ("Shipped", 2, 2)


def test_number_with_the_status_is_refused_once_parcels_are_written_down(paid, send_one, ship, admin_client):
    send_one()
    ship("UPS", "1Z999AA1")
    assert (paid.payment.order.status, written()) == ("Paid", [("", "")])


def test_reserved_money_is_taken_whole_with_the_parcel(
    shopper, admin_client, django_capture_on_commit_callbacks
):
    PaymentSetup.objects.create(capture=CaptureTime.WHEN_SENT)
    shopper.add(make_product(), quantity=2)
    order = shopper.order()
    order.pay()
    order.deliver("payment_intent.amount_capturable_updated")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(
            f"/admin/shop/orders/{order.payment.order.number}/",
            {"order_action": "change_order_status", "new_status": "Shipped", "parcel_numbers": "1Z999AA1"},
        )
    assert (order.payment.state, order.payment.taken, written()) == ("paid", None, [("", "1Z999AA1")])


@pytest.mark.parametrize("numbers", ["<b>1</b>", "1", "https://evil.example/x?y", "9" * 61, "ÄÖÜ12345"])
def test_what_is_no_number_changes_nothing(paid, ship, numbers):
    ship("DHL", numbers)
    assert (paid.payment.order.status, written(), mail.outbox) == ("Paid", [], [])


def test_too_long_a_carrier_and_too_many_parcels_are_refused():
    with pytest.raises(ParcelRefused, match="too long"):
        read_parcels(carrier="x" * 41, numbers="")
    with pytest.raises(ParcelRefused, match="at most 50"):
        read_parcels(carrier="", numbers="\n".join(f"N{number:04}" for number in range(51)))


def test_parcel_is_corrected_without_another_mail(paid, ship, post):
    ship("My brother’s van", "")
    parcel = Parcel.objects.get()
    post(order_action="change_parcel", parcel=parcel.pk, carrier="gls", number="Z12345")
    assert written() == [("GLS", "Z12345")]
    assert "Follow the parcel at gls-group.com" in page_of(paid)
    post(order_action="change_parcel", parcel=parcel.pk, carrier="gls", number="<i>")
    post(order_action="change_parcel", parcel="nonsense", carrier="gls", number="Z99999")
    assert (written(), len(mail.outbox)) == ([("GLS", "Z12345")], 1)


def test_parcel_of_another_order_is_not_changed(paid, ship, post, shopper):
    ship("UPS", "1Z999AA1")
    parcel = Parcel.objects.get()
    shopper.add(make_product())
    other = shopper.order()
    event = other.payment.order.shipping_events.create(event_type=ShippingEventType.objects.first())
    Parcel.objects.filter(pk=parcel.pk).update(event=event)
    post(order_action="change_parcel", parcel=parcel.pk, carrier="GLS", number="Z12345")
    assert written() == [("UPS", "1Z999AA1")]


def test_who_may_only_look_writes_nothing(paid, post, client, django_user_model):
    user = django_user_model.objects.create_user(email="eve@example.test", password="correct horse")
    names = ("view_order", "access_admin")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    post(client=client, order_action="change_order_status", new_status="Shipped", parcel_numbers="12345")
    assert (paid.payment.order.status, written(), mail.outbox) == ("Paid", [], [])


def test_mail_that_fails_is_sent_by_reconciliation(paid, ship, monkeypatch, settings):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.payments.test_parcels.Broken"
    ship("UPS", "1Z999AA1")
    assert (paid.payment.order.status, Parcel.objects.get().told_at) == ("Shipped", None)
    settings.EMAIL_BACKEND = working
    ShippingEvent.objects.update(date_created=timezone.now() - timedelta(hours=1))
    reconcile(now=timezone.now())
    assert len(mail.outbox) == 1
    assert Parcel.objects.get().told_at is not None


class Broken:
    """A mail server that is away."""

    def __init__(self, *args, **kwargs):
        raise OSError("away")


def test_events_from_before_are_told_to_nobody(paid):
    kind, _ = ShippingEventType.objects.get_or_create(code="shipped", defaults={"name": "Shipped"})
    event = paid.payment.order.shipping_events.create(event_type=kind, notes="DHL 1")
    assert send_shipped_mail.call(event.pk) is False
    reconcile(now=timezone.now() + timedelta(hours=1))
    assert mail.outbox == []


def test_evidence_names_the_parcel(paid, ship, admin_client, standin):
    ship("DHL", NUMBER)
    standin.dispute(paid.intent_id)
    deliver_new(standin, "charge.dispute.created")
    answer = admin_client.get(f"/admin/payments/disputes/{Dispute.objects.get().pk}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        fields = json.loads(pack.read("stripe-fields.json"))
    assert fields["shipping_tracking_number"] == f"DHL {NUMBER}"


def test_addresses_are_https_and_hold_the_number_quoted():
    for carrier, template in TRACKING_ADDRESSES.items():
        assert template.startswith("https://")
        assert tracking_address(carrier=carrier, number="A 1/2&x").endswith("A1%2F2%26x")
    assert tracking_address(carrier="My brother’s van", number="1") == ""
    assert tracking_address(carrier="DHL", number="") == ""
