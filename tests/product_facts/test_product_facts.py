"""What a product page says of safety, contents and delivery, and what may be uploaded."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storefront.markets.services.markets import ensure_markets
from storefront.product_facts.models import Operator, ProductFacts
from storefront.product_facts.services import ensure_responsible
from storefront.product_facts.uploads import check_captions, check_video
from tests.catalogue.factories import make_family, make_single

pytestmark = pytest.mark.django_db
MAKER = {
    "name": "Lamp Works Ltd",
    "address": "1 Mill Lane\nLeeds\nUnited Kingdom",
    "email": "hi@lamp.example",
}
PERSON = {"name": "Example Compliance GmbH", "address": "Musterstr. 1\nHamburg", "email": "rep@c.example"}


@pytest.fixture
def maker():
    return Operator.objects.create(**MAKER)


def read(client, product, prefix=""):
    return client.get(prefix + product.get_absolute_url()).content.decode()


def test_safety_stands_open_on_the_page_of_every_variant(client, maker):
    cable = make_family("Cable", variants=[{"size": "1 m"}, {"size": "2 m"}])
    person = Operator.objects.create(**PERSON)
    ProductFacts.objects.create(
        product=cable,
        manufacturer=maker,
        eu_responsible=person,
        warnings={"en": "Keep dry.", "de": "Trocken halten."},
    )
    for product in (cable, *cable.children.all()):
        page = read(client, product)
        assert "<details open><summary><h2>Safety and manufacturer" in page
        for words in ("Lamp Works Ltd", "1 Mill Lane<br>Leeds", "mailto:rep@c.example", "Keep dry."):
            assert words in page


def test_a_variant_speaks_before_its_family_and_warns_in_the_shoppers_language(client, maker):
    ensure_markets()
    cable = make_family("Cable", variants=[{"size": "1 m"}])
    child = cable.children.get()
    ProductFacts.objects.create(product=cable, model_name="Family 7", warnings={"de": "Trocken halten."})
    ProductFacts.objects.create(product=child, model_name="Batch 12", manufacturer=maker)
    page = read(client, child, "/de")
    assert "Batch 12" in page and "Family 7" not in page
    assert "Trocken halten." in page


def test_a_product_of_which_nothing_is_known_shows_no_empty_heading(client):
    assert "Safety and manufacturer" not in read(client, make_single("Lamp"))


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [("500", "ml", "$24.00 per l"), ("0.25", "kg", "$48.00 per kg"), ("3", "m", "$4.00 per m")],
)
def test_price_per_unit_is_worked_out_from_the_contents(client, amount, unit, shown):
    soap = make_single("Soap", price="12.00")
    ProductFacts.objects.create(product=soap, content_amount=Decimal(amount), content_unit=unit)
    assert shown in read(client, soap)


def test_contents_without_a_unit_are_refused_by_the_database():
    soap = make_single("Soap")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductFacts.objects.create(product=soap, content_amount=Decimal(1))


def test_facts_cost_no_query(client, maker):
    lamp = make_single("Lamp")
    client.get(lamp.get_absolute_url())
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(lamp.get_absolute_url())
        counts.append(len(queries))
        ProductFacts.objects.get_or_create(product=lamp, manufacturer=maker, eu_responsible=maker)
    assert counts[0] == counts[1]


def test_delivery_is_promised_from_the_markets_first_method(client):
    ensure_markets()
    page = read(client, make_single("Lamp"))
    assert "With you between" in page and "if you order today" in page


def test_what_is_sold_out_promises_no_day(client):
    ensure_markets()
    assert "With you between" not in read(client, make_single("Lamp", stock=0))


def test_a_video_is_loaded_only_when_it_is_started(client):
    lamp = make_single("Lamp", pictures=1)
    ProductFacts.objects.create(
        product=lamp, video="product-videos/lamp.mp4", captions="product-videos/lamp.vtt"
    )
    page = read(client, lamp)
    assert '<video controls playsinline preload="none"' in page
    assert '<source src="/media/product-videos/lamp.mp4">' in page
    assert 'kind="captions"' in page


@pytest.mark.parametrize(
    ("check", "content"),
    [
        (check_video, b"<svg onload=alert(1)>"),
        (check_video, b"MZ" + bytes(20)),
        (check_captions, b"<script>"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(check, content):
    with pytest.raises(ValidationError):
        check(ContentFile(content, name="film.mp4"))


def test_real_beginnings_are_taken():
    check_video(ContentFile(b"\0\0\0\x18ftypmp42" + bytes(8)))
    check_video(ContentFile(b"\x1a\x45\xdf\xa3" + bytes(20)))
    check_captions(ContentFile(b"WEBVTT\n\n"))


def test_naming_who_answers_twice_changes_nothing(maker):
    lamp = make_single("Lamp")
    assert ensure_responsible(manufacturer=MAKER, eu_responsible=PERSON, product_ids=[lamp.pk]) == 1
    assert ensure_responsible(manufacturer=MAKER, eu_responsible=PERSON, product_ids=[lamp.pk]) == 0
    assert ProductFacts.objects.get().manufacturer == maker


def test_merchant_fills_in_the_facts_in_the_back_office(client, django_user_model, maker):
    lamp = make_single("Lamp")
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    assert client.get("/admin/operators/").status_code == 200
    assert client.get("/admin/product-facts/new/").status_code == 200
    answer = client.post(
        "/admin/product-facts/new/",
        {
            "product": lamp.pk,
            "manufacturer": maker.pk,
            "content_unit": "",
            "warnings_en": "Hot.",
            "warnings_de": "",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert ProductFacts.objects.get().warnings == {"en": "Hot."}
    refused = client.post(
        f"/admin/product-facts/edit/{ProductFacts.objects.get().pk}/",
        {"product": lamp.pk, "content_amount": "5", "content_unit": ""},
    )
    assert "Fill in both the contents and the unit" in refused.content.decode()
