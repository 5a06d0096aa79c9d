"""Every page of Oscar's that no other test asks for, in our shell."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone
from oscar.core.loading import get_model

from tests.catalogue.factories import make_family, make_single
from tests.catalogue.orders import make_paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    return make_single("Lamp")


@pytest.fixture
def customer(client):
    user = get_user_model().objects.create_user("ann@example.test", "secret")
    client.force_login(user)
    return user


def make_offer(product, *, description=""):
    """Return an offer of a tenth off `product`."""
    goods = get_model("offer", "Range").objects.create(name="Spring things", is_public=True)
    goods.add_product(product)
    condition = get_model("offer", "Condition").objects.create(range=goods, type="Count", value=2)
    benefit = get_model("offer", "Benefit").objects.create(range=goods, type="Percentage", value=10)
    return get_model("offer", "ConditionalOffer").objects.create(
        name="Spring sale",
        description=description,
        condition=condition,
        benefit=benefit,
        start_datetime=timezone.now() - timedelta(days=1),
    )


def assert_in_shell(response, *words):
    page = response.content.decode()
    assert response.status_code == 200
    assert '<main id="main">' in page
    assert page.count("<h1") == 1
    for word in words:
        assert word in page


def test_offers(client, lamp):
    offer = make_offer(lamp, description="<p>Until May.</p>")

    assert_in_shell(client.get("/offers/"), "Spring sale", "Lamp", "<p>Until May.</p>")
    assert_in_shell(client.get(f"/offers/{offer.slug}/"), "Spring sale", "Lamp")


def test_no_offers(client):
    assert_in_shell(client.get("/offers/"), "There are no offers at the moment.")


def test_a_range(client, lamp):
    offer = make_offer(lamp)

    assert_in_shell(client.get(f"/products/ranges/{offer.benefit.range.slug}/"), "Spring things", "Lamp")


def test_a_shared_wish_list(client, lamp):
    user = get_user_model().objects.create_user("bea@example.test", "secret")
    wishlist = get_model("wishlists", "WishList").objects.create(
        owner=user, name="Birthday", visibility="Public"
    )
    wishlist.add(lamp)
    wishlist.add(make_family("Cable", variants=[{"size": "1 m"}]).children.get())

    assert_in_shell(client.get(f"/wishlists/{wishlist.key}/"), "Lamp", "Cable")


def test_the_offer_of_a_basket_that_nearly_has_it(client, lamp):
    make_offer(lamp)
    client.post(f"/basket/add/{lamp.pk}/", {"quantity": 1})

    assert_in_shell(client.get("/basket/"), "Spring sale")


def test_a_discount_is_named_in_the_basket(client, lamp):
    make_offer(lamp)
    client.post(f"/basket/add/{lamp.pk}/", {"quantity": 2})

    assert_in_shell(client.get("/basket/"), "Spring sale", "−$2.00", "$18.00")


def test_reviews(client, customer, lamp):
    reviews = f"{lamp.get_absolute_url()}reviews/"
    assert_in_shell(client.get(reviews), "This product has no reviews yet.")
    make_paid_order(lamp, user=customer)
    assert_in_shell(client.get(f"{reviews}add/"), "Write a review")

    response = client.post(f"{reviews}add/", {"title": "", "score": "4", "body": "Bright."})
    assert_in_shell(response, "field__error")

    client.post(f"{reviews}add/", {"title": "Good", "score": "4", "body": "Bright <b>light</b>."})
    review = get_model("reviews", "ProductReview").objects.get()
    review.status = review.APPROVED
    review.save()

    assert_in_shell(client.get(reviews), "Good", "4.0 out of 5 stars", "Bright light.")
    assert_in_shell(client.get(f"{reviews}{review.pk}/"), "Good")
    assert "4.0 out of 5 stars" in client.get(lamp.get_absolute_url()).content.decode()


def test_a_page_of_oscars_that_is_not_redrawn_stands_in_the_shell(client, customer):
    assert_in_shell(client.get("/account/wishlists/"))
    assert_in_shell(client.get("/account/wishlists/create/"), 'class="input"')


def test_a_page_that_is_not_there(client, lamp):
    response = client.get("/nowhere/at/all/")

    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_a_page_that_is_not_allowed(client, lamp):
    response = client.post(f"/basket/add/{lamp.pk}/", headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert "This page is not for everyone" in response.content.decode()


def test_a_form_without_its_token():
    response = Client(enforce_csrf_checks=True).post("/basket/", {})

    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()


def test_the_page_of_a_fault_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("500.html")

    assert "The fault is ours" in page
    assert "css/site.css" in page


@pytest.mark.parametrize("name", ["oscar/layout.html", "oscar/layout_2_col.html", "oscar/layout_3_col.html"])
def test_oscars_layouts(client, name):
    request = client.get("/basket/").wsgi_request

    page = render_to_string(name, request=request)

    assert '<main id="main">' in page
    assert page.count("<h1") == 1


def test_oscars_form_marks_its_errors():
    from django import forms

    class Example(forms.Form):
        name = forms.CharField(help_text="As on the card.")
        colour = forms.ChoiceField(choices=[("r", "Red")], widget=forms.RadioSelect)
        agreed = forms.BooleanField(required=False)

    page = render_to_string(
        "oscar/partials/form.html", {"form": Example({})}, request=RequestFactory().get("/")
    )

    assert page.count('class="field__error"') == 2
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    assert 'class="check"' in page


def test_no_page_has_inline_scripts_or_files_of_others(client, lamp):
    import re

    for path in ("/products/", lamp.get_absolute_url(), "/basket/", "/search/"):
        page = client.get(path).content.decode()
        scripts = re.findall(r"<script[^>]*>", page)
        assert all("src=" in script or "ld+json" in script for script in scripts)
        assert not re.search(r'\son\w+="', page)
        assert not re.search(r'(?:src|href)="https?://(?!testserver)', page)
