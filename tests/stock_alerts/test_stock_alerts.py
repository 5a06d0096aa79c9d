"""Back-in-stock alerts: double opt-in, one mail when the product is there, and the address goes."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.markets.models import MarketBlock
from storefront.markets.services.markets import ensure_markets
from storefront.stock_alerts.mail import send_alert
from storefront.stock_alerts.models import State, StockAlert
from storefront.stock_alerts.services import forget_old_alerts, send_due_alerts
from tests.catalogue.factories import make_family, make_single

pytestmark = pytest.mark.django_db
ADA = "ada@example.test"


@pytest.fixture
def lamp():
    return make_single("Lamp", stock=0)


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    def ask(product, email=ADA, prefix="", website="", **extra):
        data = {"product": product.pk, "email": email, "website": website}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"{prefix}/stock-alerts/", data, **extra)

    return ask


@pytest.fixture
def wait(ask, client):
    """Ask and confirm, as a person does."""

    def wait(product, email=ADA, prefix=""):
        ask(product, email, prefix)
        client.post(link("confirm"))
        mail.outbox.clear()

    return wait


def link(kind):
    return re.search(rf"https?://[^/]+(/\S*stock-alerts/{kind}/\S+)", mail.outbox[-1].body)[1]


def fill(product, count=3):
    get_model("partner", "StockRecord").objects.filter(product=product).update(num_in_stock=count)


def tell():
    call_command("send_stock_alerts")
    return [message.to[0] for message in mail.outbox]


def test_page_of_what_is_sold_out_offers_an_alert(client, lamp):
    assert "Tell me when it is there again" in client.get(lamp.get_absolute_url()).content.decode()
    there = make_single("Desk", stock=3)
    assert "Tell me when it is there again" not in client.get(there.get_absolute_url()).content.decode()


def test_only_the_button_behind_the_link_makes_anybody_wait(ask, client, lamp):
    answer = ask(lamp, "  Ada@Example.test ")
    assert (answer.status_code, answer["Location"]) == (302, "/stock-alerts/asked/")
    assert StockAlert.objects.get().email == ADA
    assert "Yes, tell me" in client.get(link("confirm")).content.decode()
    assert StockAlert.objects.get().state == State.ASKED
    assert "We tell you" in client.post(link("confirm")).content.decode()
    assert StockAlert.objects.get().state == State.CONFIRMED


def test_one_mail_when_it_is_there_and_none_after(wait, lamp):
    wait(lamp)
    assert tell() == []
    fill(lamp)
    assert tell() == [ADA]
    assert tell() == [ADA]
    assert mail.outbox[0].subject == "Lamp is there again"
    assert lamp.get_absolute_url() in mail.outbox[0].body
    assert [kind for _content, kind in mail.outbox[0].alternatives] == ["text/html"]
    assert StockAlert.objects.get().state == State.SENT


def test_a_second_run_of_the_same_task_sends_nothing(wait, lamp):
    wait(lamp)
    fill(lamp)
    send_due_alerts(now=timezone.now())
    assert send_alert.call(StockAlert.objects.get().pk) is False
    assert len(mail.outbox) == 1


def test_a_mail_server_that_refuses_is_tried_again(wait, lamp, settings):
    wait(lamp)
    fill(lamp)
    settings.EMAIL_BACKEND = "tests.stock_alerts.refusing.EmailBackend"
    send_due_alerts(now=timezone.now())
    assert StockAlert.objects.get().state == State.CONFIRMED
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell() == [ADA]


def test_who_did_not_confirm_is_not_told(ask, lamp):
    ask(lamp)
    mail.outbox.clear()
    fill(lamp)
    assert tell() == []


def test_what_is_promised_to_others_is_not_there(wait, lamp):
    wait(lamp)
    get_model("partner", "StockRecord").objects.filter(product=lamp).update(num_in_stock=2, num_allocated=2)
    assert tell() == []


def test_a_variant_is_told_of_by_its_familys_name_in_the_right_language(wait):
    ensure_markets()
    cable = make_family("Cable", variants=[{"size": "1 m", "stock": 0}])
    child = cable.children.get()
    get_model("markets", "ProductText").objects.create(product=cable, language="de", title="Kabel")
    markets = get_model("markets", "Market").objects.in_bulk(field_name="code")
    get_model("markets", "MarketPrice").objects.create(
        product=child, market=markets["de"], amount=9, valid_from=timezone.now() - timedelta(days=1)
    )
    wait(child, prefix="/de")
    fill(child)
    assert tell() == [ADA]
    assert mail.outbox[0].subject.startswith("Kabel")
    assert f"/de{child.get_absolute_url()}" in mail.outbox[0].body


def test_a_market_that_does_not_sell_it_tells_nobody(wait, lamp):
    ensure_markets()
    wait(lamp)
    MarketBlock.objects.create(product=lamp, market=get_model("markets", "Market").objects.get(code="us"))
    fill(lamp)
    assert tell() == []


def test_an_address_is_not_flooded_and_programs_are_forgotten(ask, lamp):
    for _number in range(4):
        ask(lamp)
    ask(lamp, "spam@example.test", website="https://spam.example")
    assert (len(mail.outbox), StockAlert.objects.count()) == (1, 1)


def test_form_on_another_site_is_refused(ask, lamp):
    assert ask(lamp, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not StockAlert.objects.exists()


def test_mistyped_address_is_named_at_its_field(ask, lamp):
    answer = ask(lamp, "ada@")
    assert answer.status_code == 422
    assert 'aria-describedby="alert-email-error"' in answer.content.decode()


def test_the_mail_has_a_link_that_deletes_the_address(wait, client, lamp):
    wait(lamp)
    fill(lamp)
    tell()
    assert "Forget it" in client.get(link("end")).content.decode()
    assert StockAlert.objects.exists()
    client.post(link("end"))
    assert not StockAlert.objects.exists()
    assert "Your address is deleted" in client.post(link("end")).content.decode()


def test_changed_link_is_refused_with_the_next_step(client):
    answer = client.get("/stock-alerts/confirm/eyJh:forged/")
    assert answer.status_code == 410
    assert "Ask again on the product" in answer.content.decode()


def test_addresses_are_forgotten(ask, wait, lamp):
    now = timezone.now()
    ask(lamp)
    assert forget_old_alerts(now=now + timedelta(days=6)) == 0
    assert forget_old_alerts(now=now + timedelta(days=8)) == 1
    wait(lamp)
    fill(lamp)
    tell()
    assert forget_old_alerts(now=now + timedelta(days=29)) == 0
    assert forget_old_alerts(now=now + timedelta(days=31)) == 1


def test_back_office_lists_and_erases_but_adds_nobody(ask, client, lamp, django_user_model):
    ask(lamp)
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    page = client.get("/admin/stock-alerts/").content.decode()
    assert ADA in page and "Lamp" in page
    assert client.get("/admin/stock-alerts/new/").status_code in (302, 403)
    client.post(f"/admin/stock-alerts/delete/{StockAlert.objects.get().pk}/")
    assert not StockAlert.objects.exists()
