"""The payments' screens: what happened, what is left, what to do, and who may give money back."""

import csv
import io
import json
import zipfile

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from storefront.accounts.services import FULFILMENT, SHOP_MANAGERS, ensure_staff_groups
from storefront.payments.models import Dispute, Finding, Payout, Refund
from storefront.payments.services import reconcile
from tests.back_office.shop import make_user
from tests.payments.merchant import deliver_new
from tests.payments.shopper import make_product, stripe_client

pytestmark = pytest.mark.django_db


def signed_in(group: str) -> Client:
    ensure_staff_groups()
    client = Client()
    client.force_login(
        make_user(f"{group[:4].lower()}@example.test", group=group),
        backend="oscar.apps.customer.auth_backends.EmailBackend",
    )
    return client


@pytest.fixture
def manager():
    return signed_in(SHOP_MANAGERS)


@pytest.fixture
def packer():
    return signed_in(FULFILMENT)


@pytest.fixture
def order(shopper):
    shopper.add(make_product(price="19.99"))
    order = shopper.order()
    order.pay()
    order.deliver()
    return order


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def address_of(order) -> str:
    return f"/admin/payments/{order.payment.pk}/"


def give_back(client, order, amount):
    return client.post(
        address_of(order), {"amount": amount, "reason": "requested_by_customer", "note": "Broken pot"}
    )


def test_order_leads_to_its_payment(manager, order):
    page = text_of(manager.get(f"/admin/shop/orders/{order.payment.order.number}/"))
    assert f'href="{address_of(order)}"' in page


def test_manager_gives_part_back_and_the_audit_log_says_who(manager, order):
    assert give_back(manager, order, "5.00").status_code == 302
    refund = Refund.objects.get()
    assert (refund.state, refund.note, refund.requested_by.email) == (
        "succeeded",
        "Broken pot",
        "shop@example.test",
    )
    entry = ModelLogEntry.objects.get(action="payments.refund")
    assert (entry.user, entry.data["amount"]) == (refund.requested_by, "5.00 USD")
    page = text_of(manager.get(address_of(order)))
    assert "Refund asked for" in page
    assert "Broken pot" in page
    assert "$19.94" in page


def test_too_much_is_refused_in_the_form(manager, order):
    answer = give_back(manager, order, "25.00")
    assert answer.status_code == 422
    assert "Between 0 and 24.94 USD can be given back." in text_of(answer)
    assert Refund.objects.count() == 0


def test_packer_sees_no_payment_and_gives_nothing_back(packer, order):
    assert packer.get(address_of(order)).status_code == 302
    assert give_back(packer, order, "5.00").status_code == 302
    assert Refund.objects.count() == 0


def test_refund_without_an_answer_says_not_to_repeat_it(manager, order, standin):
    standin.fail_next("lose_answer", path="/v1/refunds", method="POST")
    answer = manager.post(
        address_of(order), {"amount": "5.00", "reason": "requested_by_customer", "note": ""}, follow=True
    )
    assert "do not refund it again" in text_of(answer)


def test_dispute_blocks_the_form_and_shows_its_deadline(manager, order, standin):
    standin.dispute(order.intent_id)
    deliver_new(standin, "charge.dispute.created")
    page = text_of(manager.get(address_of(order)))
    assert "Answer the dispute until" in page
    assert "Give the money back</button>" not in page
    dispute = Dispute.objects.get()
    assert "Answer until" in text_of(manager.get(f"/admin/disputes/inspect/{dispute.pk}/"))
    assert order.payment.order.number in text_of(manager.get("/admin/disputes/"))


def test_evidence_pack_holds_the_order_its_delivery_and_stripes_fields(manager, order, standin):
    placed = order.payment.order
    event_type, _made = placed.shipping_events.model.event_type.field.related_model.objects.get_or_create(
        name="Shipped"
    )
    placed.shipping_events.create(event_type=event_type, notes="DHL 00340434161094042557")
    standin.dispute(order.intent_id)
    deliver_new(standin, "charge.dispute.created")
    answer = manager.get(f"/admin/payments/disputes/{Dispute.objects.get().pk}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.namelist() == ["order.txt", "stripe-fields.json", "lines.csv"]
        fields = json.loads(pack.read("stripe-fields.json"))
        story = pack.read("order.txt").decode()
    assert fields["customer_email_address"] == "anna@example.test"
    assert fields["shipping_tracking_number"] == "DHL 00340434161094042557"
    assert "14 Linden Street" in fields["shipping_address"]
    assert f"Order {placed.number}" in story
    assert ModelLogEntry.objects.filter(action="payments.download_evidence").count() == 1


def test_packer_gets_no_evidence(packer, order, standin):
    standin.dispute(order.intent_id)
    deliver_new(standin, "charge.dispute.created")
    address = f"/admin/payments/disputes/{Dispute.objects.get().pk}/evidence.zip"
    assert packer.get(address).status_code == 302


def test_finding_says_what_to_do_and_is_closed_with_a_note(manager, shopper, moment):
    shopper.add(make_product())
    order = shopper.order()
    stripe_client().v1.payment_intents.update(order.intent_id, {"amount": 100})
    order.pay()
    order.deliver()
    reconcile(now=moment)
    finding = Finding.objects.get()
    assert "was paid otherwise than agreed" in text_of(manager.get("/admin/findings/"))
    page = text_of(manager.get(f"/admin/findings/inspect/{finding.pk}/"))
    assert "Do not send anything yet." in page
    manager.post(f"/admin/payments/findings/{finding.pk}/close/", {"note": "Written to Anna."})
    finding.refresh_from_db()
    assert (finding.state, finding.note, finding.closed_by.email) == (
        "done",
        "Written to Anna.",
        "shop@example.test",
    )
    assert ModelLogEntry.objects.filter(action="payments.close_finding").count() == 1


def test_finding_is_not_closed_without_a_word(manager, shopper, moment):
    shopper.add(make_product())
    order = shopper.order()
    stripe_client().v1.payment_intents.update(order.intent_id, {"amount": 100})
    order.pay()
    order.deliver()
    reconcile(now=moment)
    manager.post(f"/admin/payments/findings/{Finding.objects.get().pk}/close/", {"note": ""})
    assert Finding.objects.get().state == "open"


def test_payout_shows_its_orders_and_is_downloaded(manager, order, standin):
    standin.pay_out()
    deliver_new(standin, "payout.reconciliation_completed")
    payout = Payout.objects.get()
    page = text_of(manager.get(f"/admin/payouts/inspect/{payout.pk}/"))
    assert order.payment.order.number in page
    assert "$23.92" in page
    assert "Payment</td>" in page
    answer = manager.get(f"/admin/payments/payouts/{payout.pk}/lines.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["order_number"], row["net"], row["payout_id"]) for row in rows] == [
        (order.payment.order.number, "23.920", payout.payout_id)
    ]


def test_lists_are_exported(manager, order):
    give_back(manager, order, "5.00")
    answer = manager.get("/admin/refunds/?export=csv")
    body = b"".join(answer.streaming_content).decode()
    assert order.payment.order.number in body


@pytest.mark.parametrize("address", ["findings", "refunds", "disputes", "payouts"])
def test_lists_are_closed_to_who_may_not_see_them(packer, address):
    assert packer.get(f"/admin/{address}/").status_code == 302


@pytest.mark.parametrize("address", ["findings", "refunds", "disputes", "payouts"])
def test_nobody_edits_a_row_by_hand(manager, address):
    assert manager.get(f"/admin/{address}/").status_code == 200
    assert manager.get(f"/admin/{address}/new/").status_code == 302


def test_list_asks_the_database_as_often_for_two_refunds_as_for_ten(
    manager, order, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        manager.get("/admin/refunds/")
        with CaptureQueriesContext(connection) as queries:
            manager.get("/admin/refunds/")
        return len(queries)

    for _ in range(2):
        give_back(manager, order, "1.00")
    few = count()
    for _ in range(8):
        give_back(manager, order, "1.00")
    assert count() == few
