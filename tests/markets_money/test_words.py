"""Basket, checkout, order and mail call products and countries what the shopper's language calls them."""

import pytest
from django.core import mail
from django.utils.html import strip_tags
from oscar.core.loading import get_model

from storefront.markets.models import Market, OptionText, ProductText
from storefront.markets.selectors.titles import options_for, titles_for
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db

ENGLISH = "USB-C Cable, Black, 3.3 ft"


@pytest.fixture
def cable(markets):
    """Return a function: a variant on sale, in black and 3.3 ft, that German calls otherwise."""

    def make(*, own_title="USB-C-Kabel 60 W, Schwarz, 1 m"):
        variant = make_product(title=ENGLISH, prices={"de": "10.00"})
        family = get_model("catalogue", "Product").objects.create(
            title="USB-C Cable", structure="parent", product_class=variant.product_class
        )
        for code, own, german in (("color", "Black", "Schwarz"), ("length", "3.3 ft", "1 m")):
            attribute, _ = get_model("catalogue", "ProductAttribute").objects.get_or_create(
                product_class=family.product_class, code=code, defaults={"name": code, "type": "text"}
            )
            variant.attribute_values.create(attribute=attribute, value_text=own)
            OptionText.objects.create(product=variant, language="de", axis=code, label=code, value=german)
        variant.structure, variant.parent, variant.product_class = "child", family, None
        variant.save()
        ProductText.objects.create(product=family, language="de", title="USB-C-Kabel")
        if own_title:
            ProductText.objects.create(product=variant, language="de", title=own_title)
        return variant

    return make


def test_basket_line_is_german_throughout(visit, cable):
    shopper = visit("de")
    shopper.add(cable())
    line = shopper.open_basket().context["lines"][0]
    assert (line.title, line.options) == ("USB-C-Kabel", "Schwarz, 1 m")


def test_order_keeps_the_title_the_shopper_agreed_to(
    visit, cable, german_seller, django_capture_on_commit_callbacks
):
    shopper = visit("de")
    shopper.add(cable())
    page = shopper.open_checkout()
    german = "USB-C-Kabel 60 W, Schwarz, 1 m"
    assert [line.title for line in page.context["summary"].lines] == [german]
    assert ENGLISH not in page.content.decode()
    placed = shopper.order()
    assert placed.payment.order.lines.get().title == german
    placed.pay()
    with django_capture_on_commit_callbacks(execute=True):
        placed.deliver()
    sent = mail.outbox[-1]
    pages = [
        strip_tags(shopper.client.get(f"/de/checkout/{name}/{placed.token}/").content.decode())
        for name in ("order", "thank-you")
    ]
    for text in (sent.body, sent.alternatives[0][0], *pages):
        assert german in text
        assert ENGLISH not in text
        assert "Deutschland" in text
        assert "Germany" not in text


def test_line_without_a_text_keeps_its_own_title(visit, german_seller):
    shopper = visit("de")
    shopper.add(make_product(title="Watering can", prices={"de": "5.00"}))
    assert shopper.order().payment.order.lines.get().title == "Watering can"


def test_variant_without_a_text_is_its_family_with_its_options(cable):
    variant = cable(own_title="")
    assert titles_for(products=[variant], language="de") == {variant.pk: "USB-C-Kabel, Schwarz, 1 m"}
    assert titles_for(products=[variant], language="en") == {variant.pk: ENGLISH}


def test_options_of_a_line_never_mix_languages(cable):
    variant = cable()
    for axis, value in (("color", "Black"), ("length", "3.3 ft")):
        OptionText.objects.create(product=variant, language="en", axis=axis, label=axis, value=value)
    OptionText.objects.get(product=variant, language="de", axis="length").delete()
    assert options_for(products=[variant], language="de") == {variant.pk: ["Black", "3.3 ft"]}


def test_title_too_long_for_an_order_line_is_cut(visit, cable, german_seller):
    shopper = visit("de")
    shopper.add(cable(own_title="K" * 300))
    assert shopper.order().payment.order.lines.get().title == "K" * 254 + "…"


@pytest.mark.parametrize("count", [2, 20])
def test_titles_take_two_queries(cable, django_assert_num_queries, count):
    variants = [cable(own_title="") for _ in range(count)]
    with django_assert_num_queries(2):
        assert len(titles_for(products=variants, language="de")) == count


def test_countries_are_sorted_by_name_and_the_market_s_first_is_chosen(visit, markets):
    Market.objects.filter(code="de").update(countries=["DE", "ES", "AT", "BE"])
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "5.00"}))
    form = shopper.open_checkout().context["forms"].shipping
    assert [name for _code, name in form.fields["country"].choices] == [
        "Belgien",
        "Deutschland",
        "Österreich",
        "Spanien",
    ]
    assert form["country"].value() == "DE"


def test_account_names_countries_in_german(visit, markets, django_user_model):
    user = django_user_model.objects.create_user("anna@example.test", "pw")
    user.addresses.create(line1="Ring 1", line4="Berlin", postcode="10969", country_id="DE")
    shopper = visit("de")
    shopper.client.force_login(user)
    page = shopper.client.get("/de/account/addresses/").content.decode()
    assert "Ring 1, Berlin, 10969, Deutschland" in page
    assert "Germany" not in page
    form = shopper.client.get("/de/account/addresses/add/").content.decode()
    assert '<option value="DE" selected>Deutschland</option>' in form
