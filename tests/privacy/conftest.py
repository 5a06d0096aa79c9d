"""A customer who has left something in every part of the shop."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test import factories

from storefront.consent.models import Choice
from storefront.newsletter.models import State, Subscription
from storefront.stock_alerts.models import StockAlert
from tests.catalogue.factories import make_single
from tests.catalogue.orders import make_paid_order

PASSWORD = "correct horse battery"


@pytest.fixture
def anna(db, django_user_model):
    return django_user_model.objects.create_user(
        "anna@example.test", PASSWORD, first_name="Anna", last_name="Lind"
    )


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


@pytest.fixture
def full(anna):
    """Anna with a shipped order, a review, a wish list, an address, newsletter, an alert, a mail and a choice."""
    now = timezone.now()
    lamp = make_single("Lamp")
    order = make_paid_order(lamp, user=anna)
    order.set_status("Shipped")
    country = get_model("address", "Country").objects.filter(pk="DE").first() or factories.CountryFactory(
        iso_3166_1_a2="DE", printable_name="Germany"
    )
    lines = {
        "first_name": "Anna",
        "last_name": "Lind",
        "line1": "Weg 1",
        "postcode": "10969",
        "country": country,
    }
    order.shipping_address = get_model("order", "ShippingAddress").objects.create(
        **lines, phone_number="+49301234567", notes="Ring twice"
    )
    order.billing_address = get_model("order", "BillingAddress").objects.create(**lines)
    order.save()
    get_model("address", "UserAddress").objects.create(user=anna, **lines)
    lamp.reviews.create(user=anna, score=5, title="Good", body="Bright.", status=1)
    lamp.update_rating()
    get_model("wishlists", "WishList").objects.create(owner=anna, name="Later").add(lamp)
    get_model("communication", "Email").objects.create(user=anna, email=anna.email, subject="Your order")
    Subscription.objects.create(
        email=anna.email,
        state=State.CONFIRMED,
        language="en",
        consent_text="Yes.",
        asked_at=now,
        confirmed_at=now,
    )
    StockAlert.objects.create(
        product=lamp, email=anna.email, language="en", consent_text="Tell me.", asked_at=now
    )
    choice = Choice.objects.create(token=uuid4(), purposes=["statistics"], language="en", chosen_at=now)
    return {"order": order, "lamp": lamp, "choice": choice}


@pytest.fixture
def credit(anna):
    return get_model("tender", "CreditAccount").objects.create(
        kind="store_credit",
        customer=anna,
        currency="EUR",
        balance=Decimal("12.50"),
        created_at=timezone.now(),
    )
