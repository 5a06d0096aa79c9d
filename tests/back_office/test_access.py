"""One login: Wagtail's. What a person may open there is decided by permissions."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from storefront.accounts.services import FULFILMENT, SHOP_MANAGERS, ensure_staff_groups
from tests.back_office.shop import PASSWORD, make_order, make_user

pytestmark = pytest.mark.django_db
ORDERS = "/admin/shop/orders/"


def messages_of(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


def test_stranger_is_sent_to_wagtails_login(client):
    response = client.get(ORDERS)
    assert response.status_code == 302
    assert response.url == f"/admin/login/?next={ORDERS}"


def test_customer_is_sent_to_wagtails_login(customer):
    response = customer.get(ORDERS)
    assert response.status_code == 302
    assert response.url == f"/admin/login/?next={ORDERS}"


def test_staff_flag_alone_does_not_open_the_back_office(client):
    user = make_user("flag@example.test")
    user.is_staff = True
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(ORDERS).url == f"/admin/login/?next={ORDERS}"


def test_oscars_login_leads_to_wagtails_and_remembers_the_way(client):
    response = client.get("/admin/shop/login/", {"next": ORDERS})
    assert response.url == "/admin/login/?next=%2Fadmin%2Fshop%2Forders%2F"


def test_oscars_login_forgets_a_way_out_of_the_shop(client):
    assert client.get("/admin/shop/login/", {"next": "https://evil.example/"}).url == "/admin/login/"


def test_email_and_password_open_the_page_that_was_wanted(db):
    get_user_model().objects.create_superuser(email="owner@example.test", password=PASSWORD)
    client = Client()
    page = client.get(ORDERS, follow=True)
    assert page.request["PATH_INFO"] == "/admin/login/"
    page = client.post(
        f"/admin/login/?next={ORDERS}", {"username": "owner@example.test", "password": PASSWORD}, follow=True
    )
    assert page.request["PATH_INFO"] == ORDERS


def test_staff_signed_in_as_a_customer_may_enter(db):
    ensure_staff_groups()
    make_user("packer@example.test", group=FULFILMENT)
    client = Client()
    client.post(
        "/account/login/",
        {
            "login-username": "packer@example.test",
            "login-password": PASSWORD,
            "login_submit": "1",
            "login-redirect_url": "",
        },
    )
    assert client.get(ORDERS).status_code == 200


def test_logout_of_the_dashboard_is_wagtails(owner):
    assert owner.post("/admin/shop/logout/").url == "/admin/login/"
    assert owner.get(ORDERS).status_code == 302


def test_fulfilment_sees_every_order(packer):
    order = make_order("S-100001")
    assert order.number in packer.get(ORDERS).content.decode()
    assert packer.get(reverse("dashboard:order-detail", args=[order.number])).status_code == 200


def test_fulfilment_is_refused_offers_with_a_message_on_the_home_page(packer):
    response = packer.get(reverse("dashboard:offer-list"), follow=True)
    assert response.request["PATH_INFO"] == "/admin/"
    assert messages_of(response) == ["Sorry, you do not have permission to access this area."]


def test_fulfilment_is_shown_no_customer_list(packer):
    assert packer.get(reverse("dashboard:users-index")).url == "/admin/"


@pytest.mark.parametrize(
    "name", ["order-list", "catalogue-product-list", "offer-list", "users-index", "reports-index"]
)
def test_manager_opens_the_whole_shop(manager, name):
    assert manager.get(reverse(f"dashboard:{name}")).status_code == 200


def test_manager_may_write_pages_but_not_make_administrators(manager):
    assert manager.get("/admin/pages/").status_code == 200
    assert manager.get("/admin/users/new/").url == "/admin/"


def test_groups_are_made_once_and_stay_as_the_merchant_changed_them(db):
    ensure_staff_groups()
    managers = Group.objects.get(name=SHOP_MANAGERS)
    managers.permissions.remove(managers.permissions.get(codename="view_conditionaloffer"))
    ensure_staff_groups()
    assert not managers.permissions.filter(codename="view_conditionaloffer").exists()
    assert Group.objects.filter(name__in=[SHOP_MANAGERS, FULFILMENT]).count() == 2
    assert set(Group.objects.get(name=FULFILMENT).permissions.values_list("codename", flat=True)) == {
        "access_admin",
        "change_order",
        "view_order",
    }


def test_administrator_adds_staff_by_email(owner):
    ensure_staff_groups()
    fulfilment = Group.objects.get(name=FULFILMENT)
    owner.post(
        "/admin/users/new/",
        {
            "email": "new@example.test",
            "first_name": "New",
            "last_name": "Packer",
            "password1": "seven green cans",
            "password2": "seven green cans",
            "groups": [fulfilment.pk],
        },
    )
    client = Client()
    client.post("/admin/login/", {"username": "new@example.test", "password": "seven green cans"})
    assert client.get(ORDERS).status_code == 200
    assert owner.get("/admin/users/", {"q": "new@example"}).context["users"][0].email == "new@example.test"
