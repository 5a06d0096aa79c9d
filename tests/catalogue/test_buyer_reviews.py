"""Reviews: written by who paid for the product, shown only then."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from tests.catalogue.factories import make_family, make_single
from tests.catalogue.orders import make_paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client, django_user_model):
    user = django_user_model.objects.create_user("ann@example.test", "secret", first_name="Ann")
    client.force_login(user)
    return user


def review(product, user, *, score=5, title="Good"):
    return get_model("reviews", "ProductReview").objects.create(
        product=product, user=user, score=score, title=title, body="Bright.", status=1
    )


def add_page(product):
    return f"{product.get_absolute_url()}reviews/add/"


def read(client, product):
    return client.get(product.get_absolute_url()).content.decode()


def test_a_visitor_is_asked_to_sign_in_first(client):
    lamp = make_single("Lamp")
    answer = client.get(add_page(lamp))
    assert answer["Location"] == f"/account/login/?next={add_page(lamp)}"


@pytest.mark.parametrize("status", [None, "Awaiting payment", "Cancelled"])
def test_who_has_not_paid_may_not_review(client, ann, status):
    lamp = make_single("Lamp")
    if status:
        make_paid_order(lamp, user=ann, status=status)
    answer = client.post(add_page(lamp), {"title": "Good", "score": "4", "body": "Bright."}, follow=True)
    assert "Only customers whose order of this product was paid" in answer.content.decode()
    assert not get_model("reviews", "ProductReview").objects.exists()


def test_a_buyer_of_a_variant_reviews_the_family_once(client, ann):
    cable = make_family("Cable", variants=[{"size": "1 m"}])
    child = cable.children.get()
    make_paid_order(child, user=ann)
    assert client.get(add_page(child))["Location"] == add_page(cable)
    for _number in range(2):
        client.post(add_page(cable), {"title": "Good", "score": "4", "body": "Bright."})
    assert [row.product_id for row in get_model("reviews", "ProductReview").objects.all()] == [cable.pk]


def test_the_page_counts_and_shows_buyers_alone(client, ann, django_user_model):
    lamp = make_single("Lamp")
    make_paid_order(lamp, user=ann)
    review(lamp, ann, score=4, title="Warm light")
    stranger = django_user_model.objects.create_user("eve@example.test", "secret")
    review(lamp, stranger, score=1, title="Never had it")

    for path in (lamp.get_absolute_url(), f"{lamp.get_absolute_url()}reviews/"):
        page = client.get(path).content.decode()
        assert "Warm light" in page
        assert "Never had it" not in page
    page = read(client, lamp)
    assert "1 review" in page and "Verified order" in page
    assert "4.0 out of 5 stars" in page
    unbought = get_model("reviews", "ProductReview").objects.get(score=1)
    assert client.get(f"{lamp.get_absolute_url()}reviews/{unbought.pk}/").status_code == 404


def test_reviews_cost_one_query_however_many_there_are(client, django_user_model):
    lamp, counts = make_single("Lamp"), []
    client.get(lamp.get_absolute_url())
    for number in range(5):
        user = django_user_model.objects.create_user(f"u{number}@example.test", "secret")
        make_paid_order(lamp, user=user)
        review(lamp, user, score=number + 1)
        with CaptureQueriesContext(connection) as queries:
            client.get(lamp.get_absolute_url())
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert "5 reviews" in read(client, lamp) and "3.0 out of 5 stars" in read(client, lamp)
