"""Reviews: written by who paid for the product, shown only then."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from storefront.review_replies.models import Reply
from storefront.review_replies.services import write_reply
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


def buyers_review(product, django_user_model, scores):
    made = []
    for number, score in enumerate(scores):
        user = django_user_model.objects.create_user(f"buyer{number}@example.test", "secret")
        make_paid_order(product, user=user)
        made.append(review(product, user, score=score, title=f"Title {number} of {score}"))
    return made


def test_reply_of_the_shop_stands_under_its_review_on_every_page(client, django_user_model):
    lamp = make_single("Lamp")
    first, _second = buyers_review(lamp, django_user_model, [2, 5])
    write_reply(review_id=first.pk, body="We are <sorry>.\n\nA new one is on its way.", now=timezone.now())
    base = lamp.get_absolute_url()
    for path in (base, f"{base}reviews/", f"{base}reviews/{first.pk}/"):
        page = client.get(path).content.decode()
        assert page.count("Reply from ") == 1
        assert page.index("Title 0 of 2") < page.index("Reply from ") < page.index("We are &lt;sorry&gt;.")


def test_same_reply_again_changes_nothing_and_an_empty_one_takes_it_back(django_user_model):
    (bad,) = buyers_review(make_single("Lamp"), django_user_model, [1])
    first, later = timezone.now(), timezone.now() + timedelta(days=1)
    for now in (first, later):
        write_reply(review_id=bad.pk, body=" Sorry. ", now=now)
    assert [(row.body, row.written_at) for row in Reply.objects.all()] == [("Sorry.", first)]
    write_reply(review_id=bad.pk, body="Very sorry.", now=later)
    assert [(row.body, row.written_at) for row in Reply.objects.all()] == [("Very sorry.", later)]
    write_reply(review_id=bad.pk, body=" ", now=later)
    assert not Reply.objects.exists()


def test_reviews_of_one_score_have_an_address_of_their_own(client, django_user_model):
    lamp = make_single("Lamp")
    buyers_review(lamp, django_user_model, [5, 5, 2])
    address = f"{lamp.get_absolute_url()}reviews/"
    assert f'<a href="{address}?score=2">2 stars</a>' in read(client, lamp)
    assert f"{address}?score=4" not in read(client, lamp)
    two = client.get(f"{address}?score=2&sort_by=recency").content.decode()
    assert "Title 2 of 2" in two and "of 5" not in two.replace("out of 5", "")
    assert '<a class="chip" href="?score=2&amp;sort_by=recency" aria-current="true">2 stars (1)</a>' in two
    assert '<a class="chip" href="?score=5&amp;sort_by=recency">5 stars (2)</a>' in two
    assert '<a class="chip" href="?sort_by=recency">All (3)</a>' in two
    assert '<input type="hidden" name="score" value="2">' in two
    assert "Nobody has given this score" in client.get(f"{address}?score=4").content.decode()
    for nonsense in ("0", "6", "x", "²"):
        assert client.get(address, {"score": nonsense}).content.decode().count("Title ") == 3


def test_pages_of_one_score_keep_it(client, django_user_model, settings):
    lamp = make_single("Lamp")
    buyers_review(lamp, django_user_model, [5] * 21 + [1])
    page = client.get(f"{lamp.get_absolute_url()}reviews/?score=5").content.decode()
    assert 'href="?score=5&amp;page=2"' in page


def test_list_of_reviews_costs_the_same_for_two_and_for_twenty(client, django_user_model):
    counts = []
    for name, number in (("Warm up", 1), ("Lamp", 2), ("Chair", 20)):
        product = make_single(name)
        django_user_model.objects.all().delete()
        for made in buyers_review(product, django_user_model, [4] * number):
            write_reply(review_id=made.pk, body="Thank you.", now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{product.get_absolute_url()}reviews/?score=4")
        counts.append(len(queries))
    assert counts[1] == counts[2]


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
