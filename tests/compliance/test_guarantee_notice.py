"""The EU's notice of the legal guarantee: before the order, with the confirmation, and asked for in the back office."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from storefront.accounts.services import ensure_staff_groups
from storefront.compliance import selectors
from storefront.compliance.models import PICTURE_LIMIT_BYTES, GuaranteeNotice, check_size
from tests.back_office.shop import PASSWORD, make_user
from tests.markets_money.shopper import make_product

pytestmark = pytest.mark.django_db
WORDS = "EU law gives you a legal guarantee of at least two years."
WORTE = "Das Recht der EU gibt Ihnen eine gesetzliche Gewährleistung von mindestens zwei Jahren."


def picture() -> bytes:
    """Return a picture of the notice's shape: the Commission's own is not ours to keep here."""
    file = BytesIO()
    Image.new("RGB", (60, 84), "navy").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def notice(settings, tmp_path):
    """Return a function: the notice in a language, as the merchant uploaded it."""
    settings.MEDIA_ROOT = tmp_path

    def make(language, **fields):
        file = ContentFile(picture(), name=f"{language}.png")
        return GuaranteeNotice.objects.create(language=language, picture=file, **fields)

    return make


@pytest.fixture(autouse=True)
def _seller(german_seller):
    """Who sells is known, so orders can be placed."""


def test_checkout_in_the_eu_shows_the_notice_whole_in_the_shoppers_language(visit, notice):
    german, english = notice("de", link="https://europe.example/de"), notice("en")
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "9.99", "us": "9.99"}))
    page = shopper.open_checkout().content.decode()
    assert f'src="{german.picture.url}" width="60" height="84"' in page
    assert 'href="https://europe.example/de"' in page and english.picture.url not in page
    in_english = shopper.client.get("/de-en/checkout/").content.decode()
    assert english.picture.url in in_english and german.picture.url not in in_english


def test_checkout_tells_of_the_guarantee_in_words_while_the_notice_is_missing(visit):
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "9.99", "us": "9.99"}))
    page = shopper.open_checkout().content.decode()
    assert WORTE in page and "guarantee-notices" not in page


def test_markets_outside_the_eu_say_nothing_of_it(visit, notice):
    notice("en")
    shopper = visit("us")
    goods = make_product(prices={"de": "9.99", "us": "9.99"})
    shopper.add(goods)
    page = shopper.open_checkout().content.decode()
    assert "guarantee-notices" not in page and WORDS not in page
    assert "Legal guarantee" not in shopper.client.get(goods.get_absolute_url()).content.decode()


def test_product_page_says_it_beside_the_button_in_the_eu(visit):
    goods = make_product(prices={"de": "9.99", "us": "9.99"})
    page = visit("de").client.get(f"/de{goods.get_absolute_url()}").content.decode()
    assert "Gesetzliche Gewährleistung von mindestens 2 Jahren" in page


def test_confirmation_brings_the_notice_to_keep(
    visit, notice, mailoutbox, django_capture_on_commit_callbacks
):
    notice("de")
    shopper = visit("de")
    shopper.add(make_product(prices={"de": "9.99", "us": "9.99"}))
    with django_capture_on_commit_callbacks(execute=True):
        order = shopper.order()
        order.pay()
        shopper.come_back(order)
    (mail,) = mailoutbox
    assert mail.attachments == [("legal-guarantee-de.png", picture(), "image/png")]
    assert WORTE in mail.body and WORTE in mail.alternatives[0].content


def test_confirmation_is_mailed_though_the_notices_file_is_gone(markets, notice):
    german = notice("de")
    german.picture.storage.delete(german.picture.name)
    assert selectors.guarantee_attachment(market=markets["de"], language="de") == []


def test_a_variety_of_a_language_reads_the_language_it_is_of(notice):
    english = notice("en")
    assert selectors.find_guarantee_notice(language="en-ie") == english
    assert selectors.find_guarantee_notice(language="de") is None


def test_back_office_asks_for_the_languages_of_open_eu_markets(markets, notice):
    missing = selectors.languages_without_notice()
    assert "de" in missing and "en" in missing and "ja" not in missing
    notice("de")
    assert "de" not in selectors.languages_without_notice()


def test_merchant_uploads_the_notice_and_nothing_else(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ensure_staff_groups()
    make_user("manager@example.test", group="Shop managers")
    assert client.login(username="manager@example.test", password=PASSWORD)
    drawing = SimpleUploadedFile("notice.svg", b"<svg onload='alert(1)'/>", content_type="image/svg+xml")
    answer = client.post("/admin/guarantee-notices/new/", {"language": "de", "picture": drawing})
    assert answer.status_code == 200 and not GuaranteeNotice.objects.exists()
    assert "commission.europa.eu" in answer.content.decode()
    right = SimpleUploadedFile("notice.png", picture(), content_type="image/png")
    answer = client.post("/admin/guarantee-notices/new/", {"language": "de", "picture": right})
    assert answer.status_code == 302, answer.content.decode()
    assert GuaranteeNotice.objects.get().language == "de"


def test_picture_too_large_to_mail_is_refused():
    with pytest.raises(ValidationError):
        check_size(ContentFile(b"x" * (PICTURE_LIMIT_BYTES + 1)))
