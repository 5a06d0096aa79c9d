"""A customer's own reviews: each with its state, and what may be reviewed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from tests.catalogue.factories import make_family, make_single
from tests.catalogue.orders import make_paid_order

pytestmark = pytest.mark.django_db
FOR_MODERATION, APPROVED, REJECTED = 0, 1, 2


def write(user, product, *, title="Bright", status=FOR_MODERATION):
    return get_model("reviews", "ProductReview").objects.create(
        product=product, user=user, score=5, title=title, body="It is bright.", status=status
    )


def test_own_reviews_are_listed_with_their_state_and_nobody_else_s(signed_in, anna, bert):
    write(anna, make_single("Lamp"), title="Waits")
    write(anna, make_single("Rake"), title="Shown", status=APPROVED)
    write(anna, make_single("Hose"), title="Refused", status=REJECTED)
    write(bert, make_single("Spade"), title="Not mine")

    page = signed_in.get("/account/reviews/").content.decode()

    for words in ("Waits", "We are reading it", "Shown", "Published", "Refused", "Not published", "Rake"):
        assert words in page
    assert "Not mine" not in page


def test_what_was_paid_for_may_be_reviewed_until_it_was(signed_in, anna, bert):
    lamp, rake = make_single("Lamp"), make_single("Rake")
    cable = make_family("Cable", variants=[{"size": "1 m"}, {"size": "2 m"}])
    for variant in cable.children.all():
        make_paid_order(variant, user=anna)
    make_paid_order(lamp, user=anna)
    make_paid_order(rake, user=bert)
    make_paid_order(rake, user=anna, status="Awaiting payment")

    page = signed_in.get("/account/reviews/").content.decode()
    assert page.count(f'href="/products/{cable.slug}_{cable.pk}/reviews/add/"') == 1
    assert f'href="/products/{lamp.slug}_{lamp.pk}/reviews/add/"' in page
    assert "Rake" not in page

    signed_in.post(
        f"/products/{lamp.slug}_{lamp.pk}/reviews/add/", {"title": "Bright", "score": 5, "body": "Very."}
    )
    page = signed_in.get("/account/reviews/").content.decode()
    assert f'href="/products/{lamp.slug}_{lamp.pk}/reviews/add/"' not in page
    assert "We are reading it" in page


def test_the_score_is_five_stars_to_choose_one_of(signed_in, anna):
    lamp = make_single("Lamp")
    make_paid_order(lamp, user=anna)
    address = f"/products/{lamp.slug}_{lamp.pk}/reviews/add/"

    page = signed_in.get(address).content.decode()
    assert re.findall(r'type="radio" name="score" value="(\d)"', page) == list("12345")
    assert re.findall(r"\d stars?(?=</span>)", page) == ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]

    page = signed_in.post(address, {"title": "Bright", "body": "Very."}).content.decode()
    assert 'aria-describedby="id_score_error"' in page
    assert 'id="id_score_error"' in page
    signed_in.post(address, {"title": "Bright", "score": 0, "body": "Very."})
    assert not lamp.reviews.exists()
    signed_in.post(address, {"title": "Bright", "score": 4, "body": "Very."})
    assert lamp.reviews.get().score == 4


def test_the_page_costs_the_same_for_two_and_twenty(signed_in, anna):
    counts = []
    for number in (2, 16):
        for _ in range(number):
            write(anna, make_single())
            make_paid_order(make_single(), user=anna)
        signed_in.get("/account/reviews/")
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get("/account/reviews/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/account/reviews/").headers["Location"].startswith("/account/login/")
