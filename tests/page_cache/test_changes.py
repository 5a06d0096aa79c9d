"""Every kind of change is seen by the next visitor, and pages that do not show it stay kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from catalog_import.oscar_catalogue.bulk import insert_rows
from storefront.cms.branding import Branding, Menu, MenuEntry
from storefront.cms.models import BlogPage, ContentPage
from storefront.cms.services import create_first_pages
from storefront.consent.models import Service
from storefront.page_cache import announcing, freshness
from storefront.payments.models import CaptureTime, PaymentPage, PaymentSetup
from storefront.product_facts.models import ProductDocument, ProductFacts
from storefront.review_replies.services import write_reply
from storefront.search.indexing import update_index
from tests.catalogue import factories
from tests.catalogue.orders import make_paid_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lamp():
    return _indexed(factories.make_single("Lamp", category=factories.make_category("Garden")))


@pytest.fixture
def chair():
    return _indexed(factories.make_single("Chair"))


def _indexed(made):
    update_index(now=timezone.now())
    return made


def _state(answer):
    return answer.headers.get("X-Page-Cache")


def _keep(visitor, *addresses):
    for address in addresses:
        visitor(address)
        assert _state(visitor(address)) == "hit", address


def test_second_visitor_gets_the_kept_page(visitor, lamp):
    first, second = visitor(lamp.get_absolute_url()), visitor(lamp.get_absolute_url())

    assert (_state(first), _state(second)) == ("miss", "hit")
    assert first.content == second.content
    assert not second.cookies


def test_price_is_seen_at_once_and_another_product_stays_kept(visitor, lamp, chair):
    _keep(visitor, lamp.get_absolute_url(), chair.get_absolute_url())

    lamp.stockrecords.update(price=Decimal("77.70"))

    assert "77.70" in visitor(lamp.get_absolute_url()).text
    assert _state(visitor(chair.get_absolute_url())) == "hit"


def test_price_of_a_variant_is_seen_on_the_familys_page_and_on_lists(visitor):
    family = factories.make_family("Cable", variants=[{"color": "Black"}, {"color": "White"}])
    _indexed(family)
    _keep(visitor, family.get_absolute_url(), reverse("catalogue:index"))

    get_model("partner", "StockRecord").objects.filter(product__parent=family).update(price=Decimal("33.30"))

    assert "33.30" in visitor(family.get_absolute_url()).text
    assert "33.30" in visitor(reverse("catalogue:index")).text


def test_market_price_is_seen_in_its_market(visitor, markets, price, lamp):
    price(lamp, markets["de"], "20.00")
    address = f"/de{lamp.get_absolute_url()}"
    _keep(visitor, address)

    price(lamp, markets["de"], "21.50", days_ago=0)

    assert "21,50" in visitor(address).text


def test_page_ends_when_the_next_price_begins(markets, lamp):
    now = timezone.now()
    begins = now.replace(microsecond=0) + timedelta(minutes=5)
    get_model("markets", "MarketPrice").objects.create(
        product=lamp, market=markets["de"], amount=Decimal("9"), valid_from=begins
    )

    until = freshness.next_moment(now=now, clock=7)

    assert (
        until
        == min(begins, now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)).timestamp()
    )


def test_stock_that_runs_out_is_seen_on_page_and_list(visitor, lamp):
    _keep(visitor, lamp.get_absolute_url(), reverse("catalogue:index"))

    lamp.stockrecords.update(num_in_stock=0)

    assert "Sold out" in visitor(lamp.get_absolute_url()).text
    assert "Sold out" in visitor(reverse("catalogue:index")).text


def test_stock_that_shrinks_leaves_lists_kept(visitor, lamp):
    lamp.stockrecords.update(num_in_stock=50)
    update_index(now=timezone.now())
    _keep(visitor, lamp.get_absolute_url(), reverse("catalogue:index"))

    lamp.stockrecords.update(num_in_stock=3)

    assert "Only 3 left" in visitor(lamp.get_absolute_url()).text
    assert _state(visitor(reverse("catalogue:index"))) == "hit"


def test_text_is_seen_at_once(visitor, markets, lamp):
    _keep(visitor, lamp.get_absolute_url())

    factories.make_text(lamp, language="en", title="Lantern", description="<p>Bright</p>")

    assert "Lantern" in visitor(lamp.get_absolute_url()).text


def test_product_that_is_hidden_leaves_the_list(visitor, lamp, chair):
    _keep(visitor, reverse("catalogue:index"))

    get_model("catalogue", "Product").objects.filter(pk=lamp.pk).update(is_public=False)

    assert "Lamp" not in visitor(reverse("catalogue:index")).text


def test_visitor_with_a_basket_sees_a_list_change_at_once(client, settings, lamp):
    settings.PARTS_KEPT_SECONDS = 1000
    client.cookies["basket"] = "1:of-nobody"  # no page is kept for whoever has one, parts of lists are
    garden = lamp.categories.get()
    assert "Lamp" in client.get(garden.get_absolute_url()).content.decode()

    factories.make_single("Lantern", category=garden)
    assert "Lantern" in client.get(garden.get_absolute_url()).content.decode()
    get_model("catalogue", "Product").objects.filter(pk=lamp.pk).update(is_public=False)

    page = client.get(garden.get_absolute_url()).content.decode()
    assert "Lantern" in page
    assert "Lamp" not in page


def test_who_searches_again_has_it_looked_up_once_until_the_index_changes(client, lamp):
    client.cookies["basket"] = "1:of-nobody"

    def look_ups():
        with CaptureQueriesContext(connection) as captured:
            titles = [card.title for card in client.get("/search/", {"q": "lamp"}).context["products"].cards]
        return titles, sum("rank" in query["sql"] or "MATCH" in query["sql"] for query in captured)

    assert look_ups() == (["Lamp"], 1)
    assert look_ups() == (["Lamp"], 0)
    _indexed(factories.make_single("Lamp shade"))
    assert look_ups() == (["Lamp", "Lamp shade"], 1)


def test_move_to_another_category_is_seen_in_both(visitor, lamp):
    home = factories.make_category("Home")
    garden = lamp.categories.get()
    _indexed(factories.make_single("Vase", category=home))
    addresses = [garden.get_absolute_url(), home.get_absolute_url()]
    _keep(visitor, *addresses)

    lamp.categories.set([home])

    assert "Lamp" not in visitor(addresses[0]).text
    assert "Lamp" in visitor(addresses[1]).text


def test_document_and_mark_are_seen_on_every_page_of_the_family_and_leave_lists_kept(visitor):
    family = _indexed(factories.make_family("Cable", variants=[{"color": "Black"}]))
    child = family.children.get()
    addresses = [family.get_absolute_url(), child.get_absolute_url()]
    _keep(visitor, *addresses, reverse("catalogue:index"))

    document = ProductDocument.objects.create(
        product=family, kind="manual", language="en", file="product-documents/a.pdf", size=7
    )
    for address in addresses:
        assert f"/product-documents/{document.pk}/" in visitor(address).text
    document.delete()
    for address in addresses:
        assert "/product-documents/" not in visitor(address).text
    facts = ProductFacts.objects.create(product=family, marks=["ce"])
    for address in addresses:
        assert "marks/ce.svg" in visitor(address).text
    facts.marks = []
    facts.save()
    for address in addresses:
        assert "marks/ce.svg" not in visitor(address).text
    assert _state(visitor(reverse("catalogue:index"))) == "hit"


def test_approved_review_is_seen_on_the_page_and_its_stars_on_lists(visitor, lamp, django_user_model):
    buyer = django_user_model.objects.create_user(email="ann@example.test", first_name="Ann", password="x")
    make_paid_order(lamp, user=buyer)
    review = get_model("reviews", "ProductReview").objects.create(
        product=lamp, user=buyer, score=4, title="Warm light", body="Good.", status=0
    )
    update_index(now=timezone.now())
    _keep(visitor, lamp.get_absolute_url(), "/products/")

    review.status = review.APPROVED
    review.save()

    assert "Warm light" in visitor(lamp.get_absolute_url()).text
    assert "4.0 out of 5 stars" in visitor("/products/").text


def test_reply_to_a_review_is_seen_and_its_end_too(visitor, lamp, django_user_model):
    buyer = django_user_model.objects.create_user(email="ann@example.test", first_name="Ann", password="x")
    with transaction.atomic():  # an order takes its number under a lock
        make_paid_order(lamp, user=buyer)
    review = get_model("reviews", "ProductReview").objects.create(
        product=lamp, user=buyer, score=2, title="Dim", body="Too dark.", status=1
    )
    update_index(now=timezone.now())
    _keep(visitor, lamp.get_absolute_url(), "/products/")

    for body in ("A brighter bulb is on its way.", "It has arrived."):
        write_reply(review_id=review.pk, body=body, now=timezone.now())
        assert body in visitor(lamp.get_absolute_url()).text
    write_reply(review_id=review.pk, body="", now=timezone.now())
    assert "It has arrived." not in visitor(lamp.get_absolute_url()).text
    assert _state(visitor("/products/")) == "hit"


def test_published_page_is_seen_and_a_draft_is_not(visitor, lamp):
    home = create_first_pages(shop_name="Wharf")
    page = home.add_child(instance=ContentPage(title="About", slug="workshop", intro="We began in a shed."))
    _keep(visitor, "/workshop/", lamp.get_absolute_url())

    page.intro = "We began in a barn."
    revision = page.save_revision()
    assert _state(visitor("/workshop/")) == "hit"
    revision.publish()

    assert "barn" in visitor("/workshop/").text
    assert _state(visitor(lamp.get_absolute_url())) == "hit"


def test_unpublished_page_is_gone(visitor):
    page = create_first_pages(shop_name="Wharf").add_child(
        instance=ContentPage(title="About", slug="workshop")
    )
    _keep(visitor, "/workshop/")

    page.unpublish()

    assert visitor("/workshop/").status_code == 404


def test_new_article_is_seen_on_the_blog(visitor):
    blog = create_first_pages(shop_name="Wharf").add_child(instance=BlogPage(title="Journal", slug="journal"))
    _keep(visitor, "/journal/")

    from storefront.cms.models import ArticlePage

    blog.add_child(instance=ArticlePage(title="How we plane", intro="By hand."))

    assert "How we plane" in visitor("/journal/").text


def test_menu_is_seen_everywhere(visitor, lamp):
    _keep(visitor, lamp.get_absolute_url())

    menu = Menu(place="header")
    menu.entries = [MenuEntry(text="Gift ideas", path="/search/?q=gift")]
    menu.save()

    assert "Gift ideas" in visitor(lamp.get_absolute_url()).text


def test_branding_is_seen_everywhere(visitor, lamp):
    _keep(visitor, lamp.get_absolute_url())

    Branding.objects.create(primary="#1d2b4f")

    assert "/brand/" in visitor(lamp.get_absolute_url()).text


def test_another_process_forgets_what_it_remembers(visitor, lamp):
    """What a process keeps for ten seconds must not get into a page that is kept for an hour."""
    _keep(visitor, lamp.get_absolute_url())

    Branding.objects.bulk_create(
        [Branding(primary="#1d2b4f")]
    )  # not by save(), which forgets in this process

    assert "/brand/" in visitor(lamp.get_absolute_url()).text


def test_service_that_needs_consent_is_seen_everywhere(visitor, lamp):
    _keep(visitor, lamp.get_absolute_url())

    Service.objects.create(
        name="Counter", purpose="statistics", provider="Counter Ltd", script="https://count.example/c.js"
    )

    answer = visitor(lamp.get_absolute_url())
    assert "consent-services" in answer.text
    assert "https://count.example" in answer.headers["Content-Security-Policy"]


def test_wallet_button_goes_and_comes_with_the_card_form(visitor, lamp):
    setup = PaymentSetup.objects.create(page=PaymentPage.HERE)
    _keep(visitor, lamp.get_absolute_url())
    assert "data-express" in visitor(lamp.get_absolute_url()).text

    setup.page = PaymentPage.AT_STRIPE
    setup.save()
    assert "data-express" not in visitor(lamp.get_absolute_url()).text
    assert _state(visitor(lamp.get_absolute_url())) == "hit"

    with connection.cursor() as cursor:  # not by PaymentSetup.save(), which forgets in this process
        cursor.execute("UPDATE payments_paymentsetup SET page = 'here'")
    assert "data-express" in visitor(lamp.get_absolute_url()).text


def test_when_the_money_is_taken_leaves_pages_kept(visitor, lamp):
    setup = PaymentSetup.objects.create(capture=CaptureTime.AT_ONCE)
    _keep(visitor, lamp.get_absolute_url())

    setup.capture = CaptureTime.WHEN_SENT
    setup.save()

    assert _state(visitor(lamp.get_absolute_url())) == "hit"


def test_category_name_is_seen_everywhere(visitor, lamp, chair):
    _keep(visitor, chair.get_absolute_url())

    garden = lamp.categories.get()
    garden.name = "Outdoors"
    garden.save()

    assert "Outdoors" in visitor(chair.get_absolute_url()).text


def test_category_that_has_become_empty_leaves_every_menu(visitor, lamp, chair):
    _keep(visitor, chair.get_absolute_url())
    assert "Garden" in visitor(chair.get_absolute_url()).text

    get_model("catalogue", "Product").objects.filter(pk=lamp.pk).update(is_public=False)
    update_index(now=timezone.now())  # the scheduler does it each minute, a list at once

    assert "Garden" not in visitor(chair.get_absolute_url()).text


def test_closed_market_is_seen_everywhere(visitor, open_markets, lamp):
    open_markets(["us", "de"])
    _keep(visitor, lamp.get_absolute_url())

    open_markets(["us"])

    assert "hreflang" not in visitor(lamp.get_absolute_url()).text


def test_bulk_write_makes_every_page_anew(visitor, lamp, chair):
    _keep(visitor, chair.get_absolute_url())
    Product = get_model("catalogue", "Product")
    product_class = factories.product_class()

    Product.objects.bulk_create(
        Product(title=f"Screw {number}", structure="standalone", product_class=product_class)
        for number in range(announcing.MOST_CHANGES + 1)
    )

    assert _state(visitor(chair.get_absolute_url())) == "miss"


def test_change_after_a_migration_in_the_same_process_is_seen_at_once(visitor, lamp, settings):
    settings.PAGE_CACHE_LOOK_SECONDS = 1_000_000
    for emit in (emit_pre_migrate_signal, emit_post_migrate_signal):
        emit(verbosity=0, interactive=False, db="default")
    _keep(visitor, lamp.get_absolute_url())

    lamp.stockrecords.update(price=Decimal("77.70"))

    assert "77.70" in visitor(lamp.get_absolute_url()).text


@pytest.mark.postgres
def test_row_that_an_import_copies_is_seen_at_once(visitor, lamp):
    _keep(visitor, lamp.get_absolute_url())
    ProductText = apps.get_model("markets", "ProductText")

    insert_rows(
        ProductText,
        ("product", "language", "title", "description", "bullet_points", "specifications"),
        [(lamp.pk, "en", "Lantern", "Burns for \\N hours:\n\tforty.", ['A "bright" one'], [])],
    )

    assert "Lantern" in visitor(lamp.get_absolute_url()).text
    text = ProductText.objects.get(product=lamp)
    assert (text.description, text.bullet_points) == ("Burns for \\N hours:\n\tforty.", ['A "bright" one'])


def test_nothing_is_announced_of_what_is_rolled_back(visitor, lamp):
    _keep(visitor, lamp.get_absolute_url())

    with pytest.raises(RuntimeError), transaction.atomic():
        lamp.stockrecords.update(price=Decimal("77.70"))
        raise RuntimeError

    assert _state(visitor(lamp.get_absolute_url())) == "hit"


def test_sql_by_hand_is_found_by_looking(visitor, lamp, settings):
    _keep(visitor, lamp.get_absolute_url())
    settings.PAGE_CACHE = False  # as if another program wrote: nobody announces it
    lamp.stockrecords.update(price=Decimal("77.70"))
    settings.PAGE_CACHE, settings.PAGE_CACHE_LOOK_SECONDS = True, 0

    assert "77.70" in visitor(lamp.get_absolute_url()).text
