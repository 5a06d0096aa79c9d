"""A customer, somebody else, and orders of theirs."""

import pytest
from django.conf import settings
from oscar.test import factories

PASSWORD = "garden-cable-9"


@pytest.fixture
def anna(django_user_model, db):
    return django_user_model.objects.create_user(
        email="anna@example.test", password=PASSWORD, first_name="Anna", last_name="Lind"
    )


@pytest.fixture
def bert(django_user_model, db):
    return django_user_model.objects.create_user(email="bert@example.test", password=PASSWORD)


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def make_order(db):
    """Return a function that places an order of `line_count` products; without a user it is a guest's."""

    def make(*, number, user=None, line_count=1, status="Awaiting payment", **fields):
        basket = factories.create_basket(empty=True)
        for line in range(line_count):
            product = factories.create_product(title=f"Cable {line}", num_in_stock=9, price=10)
            basket.add_product(product, 1)
        order = factories.create_order(
            number=number,
            basket=basket,
            user=user,
            shipping_address=factories.ShippingAddressFactory(line1="12 Harbour Street", line4="Portland"),
            billing_address=factories.BillingAddressFactory(line1="3 Mill Lane", line4="Salem"),
            **fields,
        )
        if user is None:
            order.user = None
            order.save()
        for step in {"Paid": ["Paid"], "Shipped": ["Paid", "Shipped"], "Cancelled": ["Cancelled"]}.get(
            status, []
        ):
            order.set_status(step)
        return order

    return make
