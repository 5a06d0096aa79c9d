"""Double opt-in: nobody is written to before they confirm, and the form tells no stranger who reads."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from storefront.markets.services.markets import ensure_markets
from storefront.newsletter.links import Purpose, make_token
from storefront.newsletter.models import State, Subscription
from storefront.newsletter.services import forget_old_wishes

ADA = "ada@example.test"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    def ask(email=ADA, path="/newsletter/", **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, {"email": email, "website": "", **extra.pop("data", {})}, **extra)

    return ask


def link_in_mail():
    return re.search(r"https?://[^/]+(/\S*newsletter/confirm/\S+)", mail.outbox[-1].body)[1]


def test_asking_mails_a_link_and_subscribes_nobody(ask):
    answer = ask("  Ada@Example.test ")
    assert (answer.status_code, answer["Location"]) == (302, "/newsletter/asked/")
    row = Subscription.objects.get()
    assert (row.email, row.state, row.confirmed_at) == (ADA, State.ASKED, None)
    assert "about once a month" in row.consent_text
    assert [message.to for message in mail.outbox] == [[ADA]]


def test_link_shows_a_button_and_only_the_button_subscribes(ask, client):
    ask()
    link = link_in_mail()
    assert "Yes, subscribe me" in client.get(link).content.decode()
    assert Subscription.objects.get().state == State.ASKED
    assert "You are subscribed" in client.post(link).content.decode()
    assert Subscription.objects.get().state == State.CONFIRMED
    first = Subscription.objects.get().confirmed_at
    client.post(link)
    assert Subscription.objects.get().confirmed_at == first


def test_form_answers_the_same_to_whoever_is_subscribed(ask, client):
    stranger = ask()
    client.post(link_in_mail())
    Subscription.objects.update(mailed_at=timezone.now() - timedelta(days=1))
    again = ask()
    assert (again.status_code, again["Location"]) == (stranger.status_code, stranger["Location"])
    assert len(mail.outbox) == 1


def test_an_address_is_not_flooded(ask):
    for _number in range(5):
        ask()
    assert (len(mail.outbox), Subscription.objects.count()) == (1, 1)


def test_form_on_another_site_is_refused(ask):
    assert ask(headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Subscription.objects.exists()


def test_program_that_fills_in_every_field_is_thanked_and_forgotten(ask):
    assert ask(data={"website": "https://spam.example"}).status_code == 302
    assert not Subscription.objects.exists()


def test_mistyped_address_is_named_at_its_field(ask):
    answer = ask("ada@")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'aria-describedby="newsletter-email-error"' in html
    assert 'value="ada@"' in html


def test_form_needs_no_cookie(ask, client):
    ask()
    assert not client.cookies


def test_mail_program_unsubscribes_with_one_post(ask, client):
    ask()
    client.post(link_in_mail())
    link = Subscription.objects.get().unsubscribe_address.split("/", 3)[3]
    answer = Client(enforce_csrf_checks=True).post(f"/{link}", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Subscription.objects.get().state == State.ENDED


def test_whoever_left_may_come_back_by_the_same_two_steps(ask, client):
    ask()
    client.post(link_in_mail())
    client.post(f"/newsletter/end/{make_token(email=ADA, purpose=Purpose.END)}/")
    Subscription.objects.update(mailed_at=timezone.now() - timedelta(days=1))
    ask()
    assert Subscription.objects.get().state == State.ASKED
    client.post(link_in_mail())
    assert Subscription.objects.get().state == State.CONFIRMED


@pytest.mark.parametrize("verb", ["get", "post"])
def test_changed_link_is_refused_with_the_next_step(client, verb):
    answer = getattr(client, verb)("/newsletter/confirm/eyJh:forged/")
    assert answer.status_code == 410
    assert "Ask for a new link" in answer.content.decode()


def test_link_to_unsubscribe_does_not_confirm(ask, client):
    ask()
    token = make_token(email=ADA, purpose=Purpose.END)
    assert client.post(f"/newsletter/confirm/{token}/").status_code == 410
    assert Subscription.objects.get().state == State.ASKED


def test_german_mail_leads_to_the_german_edition(ask):
    ensure_markets()
    ask(path="/de/newsletter/")
    assert mail.outbox[0].subject.startswith("Bitte bestätigen")
    assert link_in_mail().startswith("/de/newsletter/confirm/")
    assert Subscription.objects.get().market_code == "de"


def test_what_was_never_confirmed_is_forgotten(ask):
    ask()
    now = timezone.now()
    assert forget_old_wishes(now=now + timedelta(days=6)) == 0
    assert forget_old_wishes(now=now + timedelta(days=8)) == 1
    assert not Subscription.objects.exists()


def test_back_office_lists_exports_and_erases_but_adds_nobody(ask, client, django_user_model):
    ask()
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    assert ADA in client.get("/admin/newsletter/").content.decode()
    export = b"".join(client.get("/admin/newsletter/?export=csv").streaming_content).decode()
    assert ADA in export and "/newsletter/end/" in export
    assert client.get("/admin/newsletter/new/").status_code in (302, 403)
    client.post(f"/admin/newsletter/delete/{Subscription.objects.get().pk}/")
    assert not Subscription.objects.exists()
