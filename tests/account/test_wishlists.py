"""A customer's wish lists, the button of a product page, and lists that were shared."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from tests.catalogue.factories import make_family, make_single

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    return make_single("Lamp", price="12.50", pictures=1)


def make_list(owner, *products, name="Birthday", **fields):
    wishlist = get_model("wishlists", "WishList").objects.create(owner=owner, name=name, **fields)
    for product in products:
        wishlist.add(product)
    return wishlist


def standing_on(wishlist):
    return [line.title for line in wishlist.lines.order_by("pk")]


def test_the_page_of_a_product_is_the_same_for_all_and_has_the_way_to_the_lists(client, lamp):
    page = client.get(lamp.get_absolute_url()).content.decode()

    assert f'href="/account/wishlists/add/{lamp.pk}/"' in page
    assert f'data-wish="/account/wishlists/button/{lamp.pk}/"' in page
    assert client.get(f"/account/wishlists/button/{lamp.pk}/").status_code == 204


def test_whoever_is_signed_in_gets_a_button_and_then_the_list(signed_in, anna, lamp):
    address = f"/account/wishlists/button/{lamp.pk}/"
    response = signed_in.get(address)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert f'action="/account/wishlists/add/{lamp.pk}/"' in response.content.decode()

    page = signed_in.post(f"/account/wishlists/add/{lamp.pk}/", follow=True).content.decode()

    wishlist = anna.wishlists.get()
    assert standing_on(wishlist) == ["Lamp"]
    assert "“Lamp” is on your list “Wish list”." in page
    assert f'href="/account/wishlists/{wishlist.key}/"' in signed_in.get(address).content.decode()


def test_a_product_stands_on_a_list_once(signed_in, anna, lamp):
    wishlist = make_list(anna, lamp)

    page = signed_in.post(f"/account/wishlists/add/{lamp.pk}/", follow=True).content.decode()

    assert "already" in page
    assert [line.quantity for line in wishlist.lines.all()] == [1]


def test_following_a_link_writes_nothing(signed_in, anna, lamp):
    here, there = make_list(anna, lamp), make_list(anna, name="Garden")
    line = here.lines.get()

    page = signed_in.get(f"/account/wishlists/add/{lamp.pk}/").content.decode()
    moved = signed_in.get(f"/account/wishlists/{here.key}/lines/{line.pk}/move-to/{there.key}/")
    removed = signed_in.get(f"/account/wishlists/{here.key}/lines/{line.pk}/delete/")

    assert "On which list?" in page
    assert (moved.status_code, removed.status_code) == (405, 405)
    assert (standing_on(here), standing_on(there)) == (["Lamp"], [])


def test_a_line_is_moved_and_never_doubled(signed_in, anna, lamp):
    here, there = make_list(anna, lamp, make_single("Rake")), make_list(anna, lamp, name="Garden")

    for line in here.lines.all():
        signed_in.post(f"/account/wishlists/{here.key}/lines/{line.pk}/move-to/{there.key}/")

    assert (standing_on(here), standing_on(there)) == ([], ["Lamp", "Rake"])


def test_a_line_is_removed(signed_in, anna, lamp):
    wishlist = make_list(anna, lamp)

    page = signed_in.post(
        f"/account/wishlists/{wishlist.key}/lines/{wishlist.lines.get().pk}/delete/", follow=True
    )

    assert "This wish list is empty." in page.content.decode()


def test_a_list_is_made_shared_and_deleted(signed_in, client, anna):
    signed_in.post("/account/wishlists/create/", {"name": "Garden", "visibility": "Private"})
    wishlist = anna.wishlists.get()
    shared = wishlist.get_shared_url()
    client.logout()
    assert client.get(shared).status_code == 403

    client.force_login(anna)
    page = client.post(
        f"/account/wishlists/{wishlist.key}/update/", {"name": "Garden", "visibility": "Public"}, follow=True
    ).content.decode()
    assert f"http://testserver{shared}" in page
    assert "Garden" in client.get("/account/wishlists/").content.decode()

    client.post(f"/account/wishlists/{wishlist.key}/delete/")
    assert not anna.wishlists.exists()


def test_a_shared_list_does_not_say_whose_it_is(client, anna, lamp):
    wishlist = make_list(anna, lamp, visibility="Public")

    page = client.get(wishlist.get_shared_url()).content.decode()

    assert "Lamp" in page and "$12.50" in page
    assert "Anna" not in page and "anna@" not in page


def test_lists_of_somebody_else_are_not_found(signed_in, bert, anna, lamp):
    other, own = make_list(bert, lamp), make_list(anna, lamp)
    line = other.lines.get()
    addresses = [
        f"/account/wishlists/{other.key}/lines/{line.pk}/delete/",
        f"/account/wishlists/{other.key}/lines/{line.pk}/move-to/{own.key}/",
        f"/account/wishlists/{own.key}/lines/{own.lines.get().pk}/move-to/{other.key}/",
        f"/account/wishlists/{other.key}/add/{lamp.pk}/",
        f"/account/wishlists/{other.key}/lines/{line.pk}/",
        f"/account/wishlists/{other.key}/delete/",
        f"/account/wishlists/{other.key}/update/",
    ]

    assert signed_in.get(f"/account/wishlists/{other.key}/").status_code == 404
    assert {signed_in.post(address).status_code for address in addresses} == {404}
    assert (standing_on(other), standing_on(own)) == (["Lamp"], ["Lamp"])


def test_a_list_says_what_can_be_bought_now(signed_in, anna, lamp):
    family = make_family("Cable", variants=[{"size": "1 m", "price": "7.00"}, {"size": "2 m", "stock": 0}])
    gone = make_single("Gone")
    wishlist = make_list(anna, lamp, family, *family.children.all(), gone)
    gone.delete()

    page = signed_in.get(f"/account/wishlists/{wishlist.key}/").content.decode()

    assert "$12.50" in page and "$7.00" in page
    assert "No longer in the shop" in page
    assert "Choose a variant" in page
    assert page.count("/basket/add/") == 2
    assert "Sold out" in page


def test_lists_show_what_was_saved_first_in_as_many_queries_for_one_and_for_ten(signed_in, anna):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            wishlist = make_list(anna)
            for _ in range(5):
                wishlist.add(make_single(pictures=1))
        signed_in.get("/account/wishlists/")
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.get("/account/wishlists/").content.decode()
        counts.append(len(queries))
        pictures = page.split('<ul class="grid">')[1].count("<img")
        assert pictures == 4 * anna.wishlists.count()

    assert counts[0] == counts[1]


def test_a_list_costs_the_same_for_two_and_twenty(signed_in, anna):
    wishlist = make_list(anna)
    counts = []
    for number in (1, 9):
        for _ in range(number):
            wishlist.add(make_single(pictures=1))
            wishlist.add(make_family(variants=[{"size": "S"}], pictures=1).children.get())
        signed_in.get(f"/account/wishlists/{wishlist.key}/")
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(f"/account/wishlists/{wishlist.key}/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_card_saves_its_product_and_shows_that_it_is_saved(signed_in, anna, lamp):
    rake = make_single("Rake")
    address = f"/account/wishlists/add/{lamp.pk}/"
    assert (
        f'<form class="heart" data-heart="{lamp.pk}" action="{address}"' in signed_in.get("/products/").text
    )
    assert "<a" not in signed_in.get(f"/account/wishlists/saved/?of={lamp.pk},{rake.pk}").text

    heart = signed_in.post(address, {"part": "heart"})

    wishlist = anna.wishlists.get()
    assert standing_on(wishlist) == ["Lamp"]
    assert f'data-heart="{lamp.pk}"><a href="/account/wishlists/{wishlist.key}/"' in heart.text
    assert "On your list “Wish list”: Lamp" in heart.text
    assert signed_in.get(f"/account/wishlists/saved/?of={lamp.pk},{rake.pk}").text == heart.text
    assert heart.headers["Cache-Control"] == "private, no-store"


def test_hearts_are_nobody_elses_and_a_stranger_has_none(client, signed_in, bert, lamp):
    make_list(bert, lamp)

    assert "<a" not in signed_in.get(f"/account/wishlists/saved/?of={lamp.pk},x,,{'9' * 40}").text
    client.logout()
    assert client.get(f"/account/wishlists/saved/?of={lamp.pk}").status_code == 204
    asked = client.post(f"/account/wishlists/add/{lamp.pk}/", {"part": "heart"})
    assert asked.headers["Location"] == f"/account/login/?next=/account/wishlists/add/{lamp.pk}/"


def test_a_form_of_another_site_saves_nothing(anna, lamp):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna, backend=settings.AUTHENTICATION_BACKENDS[0])
    address = f"/account/wishlists/add/{lamp.pk}/"

    assert browser.post(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not anna.wishlists.exists()
    assert browser.post(address, headers={"sec-fetch-site": "same-origin"}).status_code == 302
    assert standing_on(anna.wishlists.get()) == ["Lamp"]


def test_hearts_cost_the_same_for_two_and_twenty(signed_in, anna):
    counts = []
    wishlist = make_list(anna)
    for number in (1, 9):
        for _ in range(number):
            wishlist.add(make_single())
            wishlist.add(make_family(variants=[{"size": "S"}]).children.get())
        signed_in.get("/account/wishlists/saved/")
        named = ",".join(str(each) for each in wishlist.lines.values_list("product", flat=True))
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.get(f"/account/wishlists/saved/?of={named}").text
        assert page.count("<a") == wishlist.lines.count()
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_how_many_are_wished_for_is_kept_and_put_in_the_basket(signed_in, anna, lamp):
    wishlist, other = make_list(anna, lamp, visibility="Public"), make_list(anna, name="Garden")
    line = wishlist.lines.get()
    address = f"/account/wishlists/{wishlist.key}/lines/{line.pk}/"

    saved = signed_in.post(address, {"quantity": "3", "page": "1"})

    assert saved.headers["Location"] == f"/account/wishlists/{wishlist.key}/?page=1#wish-{line.pk}"
    page = signed_in.get(f"/account/wishlists/{wishlist.key}/").text
    assert '<input type="hidden" name="quantity" value="3">' in page and "Add 3 to cart" in page
    assert "Wished for: 3" in signed_in.get(wishlist.get_shared_url()).text
    signed_in.post(f"{address}move-to/{other.key}/")
    assert [line.quantity for line in other.lines.all()] == [3]


@pytest.mark.parametrize("quantity", ["0", "-1", "10001", "x", ""])
def test_what_is_no_number_of_pieces_changes_nothing(signed_in, anna, lamp, quantity):
    wishlist = make_list(anna, lamp)
    address = f"/account/wishlists/{wishlist.key}/lines/{wishlist.lines.get().pk}/"

    page = signed_in.post(address, {"quantity": quantity}, follow=True).text

    assert 'class="alert alert--danger' in page
    assert wishlist.lines.get().quantity == 1


def test_a_stranger_is_asked_to_sign_in_first(client, lamp):
    response = client.get(f"/account/wishlists/add/{lamp.pk}/")

    assert response.headers["Location"] == f"/account/login/?next=/account/wishlists/add/{lamp.pk}/"


def test_a_new_list_has_no_name_yet(signed_in):
    page = signed_in.get("/account/wishlists/create/").content.decode()

    assert 'value="Default"' not in page
    assert "Everybody who has its link" in page
