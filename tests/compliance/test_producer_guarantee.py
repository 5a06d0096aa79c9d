"""A producer's guarantee of durability: in words everywhere, by the EU's label only where the law wants it."""

import json
import re
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from storefront.accounts.services import ensure_staff_groups
from storefront.product_facts.guarantees import find_guarantees
from storefront.product_facts.models import Operator, ProductDocument, ProductFacts
from storefront.product_facts.uploads import LABEL_LIMIT_BYTES, check_label
from tests.back_office.shop import PASSWORD, make_user
from tests.catalogue.factories import make_family, make_single
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db
TERMS = "https://lamp.example/guarantee"


def picture() -> bytes:
    """Return a picture of the label's shape: the Commission's own is not ours to keep here."""
    file = BytesIO()
    Image.new("RGB", (95, 100), "navy").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def maker():
    return Operator.objects.create(name="Lamp Works Ltd", address="Leeds", email="hi@lamp.example")


@pytest.fixture
def guarantee(maker, settings, tmp_path):
    """Return a function: what the maker guarantees of a product, with its label unless it is said to have none."""
    settings.MEDIA_ROOT = tmp_path

    def make(product, *, years=5, is_whole=True, has_label=True, **fields):
        label = ContentFile(picture(), name="label.png") if has_label else ""
        return ProductFacts.objects.create(
            product=product,
            guarantee_years=years,
            guarantee_is_whole=is_whole,
            guarantee_label=label,
            guarantee_terms=TERMS,
            **{"manufacturer": maker, **fields},
        )

    return make


@pytest.fixture(autouse=True)
def _seller(german_seller):
    """Who sells is known, so orders can be placed."""


@pytest.fixture
def lamp(markets):
    return make_product(prices={"de": "9.99", "us": "9.99"})


def read(client, product, prefix="/de"):
    return client.get(prefix + product.get_absolute_url()).content.decode()


def test_product_page_in_the_eu_shows_the_label_whole_with_words_and_terms(visit, lamp, guarantee):
    facts = guarantee(lamp)
    page = read(visit("de").client, lamp)
    assert f'src="{facts.guarantee_label.url}" width="95" height="100"' in page
    assert 'alt="Das EU-Etikett GARAN: 5 Jahre Garantie von Lamp Works Ltd"' in page
    assert "Garantie von 5 Jahren durch Lamp Works Ltd" in page and f'href="{TERMS}"' in page
    assert page.index("price__now") < page.index("producer-guarantee") < page.index("data-buy")


@pytest.mark.parametrize("fields", [{"years": 2}, {"years": 1}, {"is_whole": False}, {"has_label": False}])
def test_a_guarantee_that_is_not_the_labels_is_told_in_words_alone(visit, lamp, guarantee, fields):
    guarantee(lamp, **fields)
    page = read(visit("de").client, lamp)
    assert "durch Lamp Works Ltd" in page and "guarantee-labels" not in page


def test_outside_the_eu_the_label_is_not_shown(visit, lamp, guarantee):
    guarantee(lamp)
    page = read(visit("us").client, lamp, prefix="")
    assert "Guarantee of 5 years by Lamp Works Ltd" in page and "guarantee-labels" not in page


def test_a_product_without_a_guarantee_says_nothing_of_one(visit, lamp):
    assert "producer-guarantee" not in read(visit("de").client, lamp)


def test_terms_that_are_a_pdf_are_offered_beside_it(visit, lamp, guarantee):
    guarantee(lamp)
    file = ContentFile(b"%PDF-1.7 %%EOF", name="terms.pdf")
    document = ProductDocument.objects.create(
        product=lamp, kind="terms-of-guarantee", language="de", file=file, size=14
    )
    page = read(visit("de").client, lamp)
    beside = page[page.index("producer-guarantee") : page.index("data-to-basket")]
    assert f'href="/de/documents/{document.pk}/"' in beside or f"/{document.pk}/" in beside


def test_a_variant_has_its_familys_guarantee_unless_it_has_its_own(guarantee, maker):
    cable = make_family("Cable", variants=[{"size": "1 m"}, {"size": "2 m"}])
    short, long = cable.children.order_by("pk")
    guarantee(cable)
    other = Operator.objects.create(name="Cord Co", address="Turin", email="a@cord.example")
    guarantee(long, years=7, manufacturer=None, guarantor=other)
    guarantee(make_single("Lamp"), years=None)
    found = find_guarantees([short, long, make_single("Pot")])
    assert {pk: (each.years, each.by) for pk, each in found.items()} == {
        short.pk: (5, "Lamp Works Ltd"),
        long.pk: (7, "Cord Co"),
    }


def test_checkout_shows_it_above_the_button_in_the_eu(visit, lamp, guarantee):
    facts = guarantee(lamp)
    shopper = visit("de")
    shopper.add(lamp)
    page = shopper.open_checkout().content.decode()
    assert page.index(facts.guarantee_label.url) < page.index('btn--block" data-pay')
    assert f"{lamp.title}: Garantie von 5 Jahren durch Lamp Works Ltd" in page


def test_confirmation_brings_words_terms_and_each_label_once(
    visit, lamp, guarantee, mailoutbox, django_capture_on_commit_callbacks
):
    guarantee(lamp)
    shopper = visit("de")
    shopper.add(lamp)
    with django_capture_on_commit_callbacks(execute=True):
        order = shopper.order()
        order.pay()
        shopper.come_back(order)
    (mail,) = mailoutbox
    assert mail.attachments == [("garan-1.png", picture(), "image/png")]
    for text in (mail.body, mail.alternatives[0].content):
        assert f"{lamp.title}: Garantie von 5 Jahren durch Lamp Works Ltd" in text and TERMS in text


def test_confirmation_outside_the_eu_brings_no_label(
    visit, lamp, guarantee, mailoutbox, django_capture_on_commit_callbacks
):
    guarantee(lamp)
    shopper = visit("us")
    shopper.add(lamp)
    with django_capture_on_commit_callbacks(execute=True):
        order = shopper.order()
        order.pay()
        shopper.come_back(order)
    (mail,) = mailoutbox
    assert mail.attachments == [] and "Guarantee of 5 years by Lamp Works Ltd" in mail.body


def test_search_engines_read_how_long_it_lasts(visit, lamp, guarantee):
    guarantee(lamp)
    page = read(visit("de").client, lamp)
    blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    (product,) = (each for each in map(json.loads, blocks) if each.get("@type") == "Product")
    assert product["offers"]["warranty"] == {
        "@type": "WarrantyPromise",
        "durationOfWarranty": {"@type": "QuantitativeValue", "value": 5, "unitCode": "ANN"},
    }


@pytest.fixture
def manager(client):
    ensure_staff_groups()
    make_user("manager@example.test", group="Shop managers")
    assert client.login(username="manager@example.test", password=PASSWORD)
    return client


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"guarantee_years": "2", "guarantee_is_whole": "on"}, "more than two years"),
        ({"guarantee_years": "5"}, "more than two years"),
        (
            {"guarantee_years": "5", "guarantee_is_whole": "on", "manufacturer": ""},
            "Say who gives the guarantee",
        ),
        ({"guarantee_years": "0"}, "greater than or equal to 1"),
    ],
)
def test_form_refuses_a_label_for_what_is_none(manager, maker, lamp, fields, refusal):
    label = SimpleUploadedFile("label.png", picture(), content_type="image/png")
    sent = {"product": lamp.pk, "manufacturer": maker.pk, "guarantee_label": label, **fields}
    answer = manager.post("/admin/product-facts/new/", sent)
    assert answer.status_code == 200 and refusal in answer.content.decode()
    assert not ProductFacts.objects.exists()


def test_merchant_says_what_the_producer_guarantees(manager, maker, lamp, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    label = SimpleUploadedFile("label.png", picture(), content_type="image/png")
    sent = {
        "guarantee_years": "5",
        "guarantee_is_whole": "on",
        "guarantee_terms": TERMS,
        "guarantee_label": label,
    }
    answer = manager.post("/admin/product-facts/new/", {"product": lamp.pk, "manufacturer": maker.pk, **sent})
    assert answer.status_code == 302, answer.content.decode()
    facts = ProductFacts.objects.get()
    assert (facts.guarantee_years, facts.guarantee_label_width, facts.guarantee_terms) == (5, 95, TERMS)


def test_form_offers_a_window_to_choose_the_product_from_and_no_list_of_all(manager, lamp):
    page = manager.get("/admin/product-facts/new/").content.decode()
    assert "choose-product" in page and lamp.title not in page


def test_label_too_large_to_mail_is_refused():
    with pytest.raises(ValidationError):
        check_label(ContentFile(b"x" * (LABEL_LIMIT_BYTES + 1)))


def test_a_guarantee_of_no_years_is_refused_by_the_database(lamp):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductFacts.objects.create(product=lamp, guarantee_years=0)
