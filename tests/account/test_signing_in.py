"""Registering, signing in and out, and a forgotten password."""

import re

import pytest
from django.core import mail

from tests.account.conftest import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"


def register(client, *, email, password=PASSWORD):
    return client.post(
        LOGIN,
        {
            "registration-email": email,
            "registration-password1": password,
            "registration-password2": password,
            "registration-redirect_url": "",
            "registration_submit": "1",
        },
        follow=True,
    )


def sign_in(client, *, email, password=PASSWORD, **more):
    fields = {
        "login-username": email,
        "login-password": password,
        "login-redirect_url": "",
        "login_submit": "1",
    }
    return client.post(LOGIN, fields | more)


def test_registering_opens_an_account(client, django_user_model):
    response = register(client, email="anna@example.test")
    assert response.status_code == 200
    assert response.context["user"].email == "anna@example.test"
    assert django_user_model.objects.get().check_password(PASSWORD)


def test_weak_password_is_refused_at_its_field(client, django_user_model):
    response = register(client, email="anna@example.test", password="12345")
    html = response.content.decode()
    assert not django_user_model.objects.exists()
    assert 'id="id_registration-password2_error"' in html
    assert 'aria-invalid="true"' in html


def test_customers_go_to_their_account_after_signing_in(client, anna):
    assert sign_in(client, email="ANNA@example.test").url == "/account/"


def test_staff_goes_to_the_back_office_after_signing_in(client, django_user_model):
    django_user_model.objects.create_superuser(email="staff@example.test", password=PASSWORD)
    assert sign_in(client, email="staff@example.test").url == "/admin/"


def test_signing_in_leads_back_to_this_shop_only(client, anna):
    assert sign_in(client, email=anna.email, **{"login-redirect_url": "/basket/"}).url == "/basket/"
    client.logout()
    away = sign_in(client, email=anna.email, **{"login-redirect_url": "https://elsewhere.example/"})
    assert away.url == "/account/"


def test_wrong_password_is_said_without_naming_what_is_wrong(client, anna):
    response = sign_in(client, email=anna.email, password="wrong")
    assert response.status_code == 200
    assert "Please check what you entered" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_forms_tell_password_managers_what_to_fill_in(client):
    html = client.get(LOGIN).content.decode()
    assert html.count('autocomplete="new-password"') == 2
    assert html.count('autocomplete="current-password"') == 1


def test_signing_out_ends_the_session(signed_in):
    signed_in.get("/account/logout/")
    assert signed_in.get("/account/orders/").status_code == 302


def test_forgotten_password_is_reset_by_mail(client, anna):
    assert client.post("/account/password-reset/", {"email": anna.email}).status_code == 302
    (message,) = mail.outbox
    assert message.to == [anna.email]
    path = re.search(r"https?://[^/]+(/account/password-reset/confirm/\S+)", message.body).group(1)
    form_path = client.get(path).url
    assert "Choose a new password" in client.get(form_path).content.decode()
    new = {"new_password1": "another-cable-7", "new_password2": "another-cable-7"}
    assert "Your new password is saved" in client.post(form_path, new, follow=True).content.decode()
    anna.refresh_from_db()
    assert anna.check_password("another-cable-7")
    assert "This link is no longer valid" in client.get(path).content.decode()


def test_account_mails_lead_to_this_shop(client, anna, settings):
    settings.WAGTAILADMIN_BASE_URL, settings.SHOP_NAME = "https://wharf.example:8443", "Wharf"
    client.post("/account/password-reset/", {"email": anna.email})
    (message,) = mail.outbox
    assert "://wharf.example:8443/account/password-reset/confirm/" in message.body
    assert "example.com" not in message.subject + message.body + message.alternatives[0].content


def test_unknown_address_gets_the_same_answer_and_no_mail(client, anna):
    known = client.post("/account/password-reset/", {"email": anna.email})
    mail.outbox.clear()
    unknown = client.post("/account/password-reset/", {"email": "nobody@example.test"})
    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert mail.outbox == []
