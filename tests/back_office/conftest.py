"""Who signs in to the back office."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storefront.accounts.services import FULFILMENT, SHOP_MANAGERS, ensure_staff_groups
from tests.back_office.shop import PASSWORD, make_user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


@pytest.fixture
def owner(db):
    user = get_user_model().objects.create_superuser(email="owner@example.test", password=PASSWORD)
    return signed_in(user)


@pytest.fixture
def packer(db):
    ensure_staff_groups()
    return signed_in(make_user("packer@example.test", group=FULFILMENT))


@pytest.fixture
def manager(db):
    ensure_staff_groups()
    return signed_in(make_user("manager@example.test", group=SHOP_MANAGERS))


@pytest.fixture
def customer(db):
    return signed_in(make_user("customer@example.test"))


@pytest.fixture
def count_queries():
    """Return a function that says how many queries a page takes, its session and caches warm."""

    def count(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count
