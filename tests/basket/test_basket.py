import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from tests.catalogue.factories import make_family, make_single

pytestmark = pytest.mark.django_db


def add(client, product, quantity=1, **options):
    return client.post(f"/basket/add/{product.pk}/", {"quantity": quantity}, **options)


def basket_lines():
    return {line.product.title: line.quantity for line in get_model("basket", "Line").objects.all()}


def change(client, changes):
    """Post the basket page's form as a browser would, with `changes` to its fields."""
    page = client.get("/basket/").content.decode()
    form = page[page.index('id="basket-lines"') :]
    form = form[: form.index("</form>")]
    inputs = re.findall(r"<input [^>]*>", form)
    data = {
        re.search(r'name="([^"]+)"', field)[1]: (re.search(r'value="([^"]*)"', field) or ["", ""])[1]
        for field in inputs
    }
    data.update(changes)
    return client.post("/basket/", data, follow=True)


def test_a_product_is_put_in_the_basket_and_the_page_says_so(client):
    lamp = make_single("Lamp", price="12.50")

    response = client.post(
        f"/basket/add/{lamp.pk}/",
        {"quantity": 2},
        headers={"referer": f"http://testserver{lamp.get_absolute_url()}"},
        follow=True,
    )
    page = response.content.decode()

    assert response.redirect_chain[-1][0].endswith(lamp.get_absolute_url())
    assert "<b>2 × Lamp</b> are in your cart." in page
    assert "Cart, 2 items" in page
    assert basket_lines() == {"Lamp": 2}


def test_the_basket_shows_its_lines_and_their_sum(client):
    cable = make_family("Cable", variants=[{"color": "Red", "size": "2 m", "price": "7.00"}])
    add(client, cable.children.get(), 3)
    add(client, make_single("Lamp", price="12.50"))

    page = client.get("/basket/").content.decode()

    assert "Red, 2 m" in page
    assert "$21.00" in page
    assert "$33.50" in page
    assert 'href="/checkout/"' in page


def test_an_empty_basket_shows_a_way_on(client):
    page = client.get("/basket/").content.decode()

    assert "Your cart is empty" in page
    assert 'href="/products/"' in page


def test_a_quantity_is_changed(client):
    add(client, make_single("Lamp"))

    response = change(client, {"form-0-quantity": "4"})

    assert response.status_code == 200
    assert basket_lines() == {"Lamp": 4}


def test_a_line_is_removed(client):
    add(client, make_single("Lamp"))
    add(client, make_single("Rake"))

    change(client, {"form-0-DELETE": "on"})

    assert basket_lines() == {"Rake": 1}


def test_a_quantity_of_none_removes_the_line(client):
    add(client, make_single("Lamp"))

    page = change(client, {"form-0-quantity": "0"}).content.decode()

    assert basket_lines() == {}
    assert "Your cart is empty" in page


def test_more_than_there_is_is_refused_at_the_line(client):
    add(client, make_single("Lamp", stock=3))

    page = change(client, {"form-0-quantity": "9"}).content.decode()

    assert basket_lines() == {"Lamp": 1}
    assert 'aria-invalid="true"' in page
    assert 'class="field__error"' in page


def test_more_than_there_is_cannot_be_put_in(client):
    response = add(client, make_single("Lamp", stock=3), 4, follow=True)

    assert basket_lines() == {}
    assert "alert--danger" in response.content.decode()


def test_adding_needs_no_cookie(client):
    lamp = make_single("Lamp")
    careful = Client(enforce_csrf_checks=True)

    response = add(careful, lamp, headers={"sec-fetch-site": "same-origin", "origin": "http://testserver"})

    assert response.status_code == 302
    assert basket_lines() == {"Lamp": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_form_on_another_site_puts_nothing_in(client, headers):
    response = add(client, make_single("Lamp"), headers=headers)

    assert response.status_code == 403
    assert basket_lines() == {}


def test_what_is_not_public_cannot_be_put_in(client):
    hidden = make_single("Hidden", is_public=False)
    family = make_family(variants=[{"size": "S"}], is_public=False)

    assert add(client, hidden).status_code == 404
    assert add(client, family.children.get()).status_code == 404
    assert basket_lines() == {}


def test_a_line_is_saved_for_later_and_moved_back(client):
    client.force_login(get_user_model().objects.create_user("ann@example.test", "secret"))
    add(client, make_single("Lamp"))

    saved = change(client, {"form-0-save_for_later": "on"}).content.decode()
    line = get_model("basket", "Line").objects.get()

    assert "Saved for later" in saved
    assert line.basket.status == "Saved"

    client.post(
        "/basket/saved/",
        {
            "saved-TOTAL_FORMS": "1",
            "saved-INITIAL_FORMS": "1",
            "saved-0-id": line.pk,
            "saved-0-move_to_basket": "on",
        },
    )

    assert get_model("basket", "Line").objects.get().basket.status == "Open"


def test_a_voucher_that_does_not_exist_is_refused_with_a_reason(client):
    add(client, make_single("Lamp"))

    page = client.post("/basket/vouchers/add/", {"code": "NOPE"}, follow=True).content.decode()

    assert "NOPE" in page
    assert "alert--danger" in page


def test_a_basket_costs_the_same_for_2_and_20_lines(client):
    counts = []
    for number in (2, 18):
        for _ in range(number // 2):
            add(client, make_single(pictures=1))
            add(client, make_family(variants=[{"size": "S"}], pictures=1).children.get())
        client.get("/basket/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/basket/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 16


def test_adding_takes_ten_queries_however_much_is_in_the_basket(client, markets, price):
    lamps = [make_single(f"Lamp {number}", stock=50) for number in range(6)]
    price(lamps[0], markets["us"], "9.00")
    add(client, lamps[0])
    client.get("/basket/")  # the message is read
    counts = []
    for lamp in lamps[1:]:
        with CaptureQueriesContext(connection) as captured:
            assert add(client, lamps[0]).status_code == 302
        counts.append(len(captured))
        add(client, lamp)

    assert set(counts) == {10}
    assert basket_lines()["Lamp 0"] == 1 + 5


def test_an_offer_in_force_still_says_that_it_was_won(client):
    from oscar.test import factories

    everything = factories.RangeFactory(includes_all_products=True)
    factories.ConditionalOfferFactory(
        name="Two for less",
        condition=factories.ConditionFactory(range=everything, type="Count", value=2),
        benefit=factories.BenefitFactory(range=everything, type="Percentage", value=10),
    )
    lamp = make_single("Lamp")
    add(client, lamp)

    response = client.post(f"/basket/add/{lamp.pk}/", {"quantity": 1}, follow=True)

    assert "Two for less" in response.text


def test_the_count_in_the_header_costs_two_queries(client):
    lamp = make_single("Lamp")
    client.get("/products/")
    with CaptureQueriesContext(connection) as before:
        client.get("/products/")
    add(client, lamp)
    client.get("/products/")
    with CaptureQueriesContext(connection) as after:
        assert "Cart, 1 item" in client.get("/products/").content.decode()

    assert len(after) - len(before) == 2


def test_the_basket_page_says_for_how_long_goods_may_be_sent_back_and_what_else_there_is(client, markets):
    cable = make_family("Cable", variants=[{"size": "1 m"}])
    add(client, cable.children.get())
    markets["us"].return_days = 30
    markets["us"].save()

    page = client.get("/basket/").content.decode()

    assert "30 days to send it back" in page
    assert f'data-more="/products/more/?like={cable.pk}"' in page
