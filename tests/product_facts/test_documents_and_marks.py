"""Marks on a product's page, and documents to save from it: uploaded by the merchant, handed out as files."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.markets.services.markets import ensure_markets
from storefront.product_facts.marks import Mark, show_marks
from storefront.product_facts.models import ProductDocument, ProductFacts
from storefront.product_facts.uploads import PDF_LIMIT_BYTES, check_pdf
from tests.catalogue.factories import make_family, make_single

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make_document(product, *, kind="manual", language="en", content=PDF):
    file = ContentFile(content, name="Bedienung & Pflege.pdf")
    return ProductDocument.objects.create(
        product=product, kind=kind, language=language, file=file, size=len(content)
    )


def address(document):
    return f"/product-documents/{document.pk}/"


def read(client, product, prefix=""):
    return client.get(prefix + product.get_absolute_url()).content.decode()


def test_document_of_a_family_stands_on_the_page_of_every_variant(client):
    cable = make_family("Cable", variants=[{"size": "1 m"}, {"size": "2 m"}])
    document = make_document(cable)
    short, long = cable.children.order_by("title")
    own = make_document(long, kind="safety-data-sheet")
    for product in (cable, short, long):
        page = read(client, product)
        assert f'<a href="{address(document)}" hreflang="en" download>' in page
        assert "Manual</span> <small>English, PDF, 69\xa0bytes" in page
        assert (address(own) in page) == (product == long)


def test_document_is_saved_as_a_pdf_under_a_plain_name(client):
    lamp = make_single("Lamp “Nørd” <b>")
    answer = client.get(address(make_document(lamp, language="mul")))
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="manual-lamp-nrd-b-mul.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_name_in_the_storage_says_nothing_of_the_upload():
    document = make_document(make_single("Lamp"))
    assert "Bedienung" not in document.file.name and document.file.name.endswith(".pdf")
    assert len(document.file.name) > 40


def test_document_of_a_hidden_product_is_not_handed_out(client):
    lamp, cable = make_single("Lamp", is_public=False), make_family("Cable", variants=[{"size": "1 m"}])
    child = make_document(cable.children.get())
    assert client.get(address(child)).status_code == 200
    type(cable).objects.filter(pk=cable.pk).update(is_public=False)
    for document in (make_document(lamp), make_document(cable), child):
        assert client.get(address(document)).status_code == 404
    assert client.get("/product-documents/999/").status_code == 404


def test_document_whose_file_is_gone_is_not_found(client, caplog):
    document = make_document(make_single("Lamp"))
    document.file.storage.delete(document.file.name)
    assert client.get(address(document)).status_code == 404
    assert "is gone from the storage" in caplog.text


def test_documents_in_the_shoppers_language_come_first(client):
    ensure_markets()
    lamp = make_single("Lamp")
    french, english = make_document(lamp, language="fr"), make_document(lamp, language="en")
    german = make_document(lamp, kind="declaration-of-conformity", language="de")
    several = make_document(lamp, language="mul")
    page = read(client, lamp, "/de")
    places = [page.index(f"/de{address(each)}") for each in (several, german, english, french)]
    assert places == sorted(places)
    assert "Konformitätserklärung</span> <small>Deutsch, PDF" in page


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>%%EOF",
        b"%PDF-1.7 that ends too early",
        b"MZ" + bytes(20),
        b"",
        PDF + bytes(PDF_LIMIT_BYTES),
    ],
)
def test_what_is_no_whole_pdf_is_refused(content):
    with pytest.raises(ValidationError):
        check_pdf(ContentFile(content, name="manual.pdf"))


def test_merchant_uploads_a_document_in_the_back_office(client, django_user_model):
    lamp = make_single("Lamp")
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    assert client.get("/admin/product-documents/").status_code == 200
    assert "Choose a product" in client.get("/admin/product-documents/new/").content.decode()
    form = {"product": lamp.pk, "kind": "manual", "language": "de"}
    for name, content in (("manual.pdf", b"<svg onload=alert(1)>"), ("manual.html", PDF)):
        refused = client.post(
            "/admin/product-documents/new/", {**form, "file": SimpleUploadedFile(name, content)}
        )
        assert refused.status_code == 200 and not ProductDocument.objects.exists()
    answer = client.post(
        "/admin/product-documents/new/", {**form, "file": SimpleUploadedFile("manual.pdf", PDF)}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    document = ProductDocument.objects.get()
    assert (document.product, document.size, document.language) == (lamp, len(PDF), "de")
    changed = client.post(f"/admin/product-documents/edit/{document.pk}/", {**form, "language": "mul"})
    assert changed.status_code == 302
    assert ProductDocument.objects.get().size == len(PDF)


def test_merchant_ticks_the_marks_and_the_page_explains_them(client, django_user_model):
    cable = make_family("Cable", variants=[{"size": "1 m"}])
    staff = django_user_model.objects.create_superuser(email="staff@example.test", password="x")
    client.force_login(staff)
    form = {"product": cable.pk, "content_unit": "", "marks": ["weee", "ce"]}
    answer = client.post("/admin/product-facts/new/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert ProductFacts.objects.get().marks == ["weee", "ce"]
    client.logout()
    page = read(client, cable.children.get())
    assert '<img src="/static/img/marks/ce.svg" alt="" width="40" height="40" loading="lazy">' in page
    assert page.index("declares that this product meets the requirements of EU law") < page.index(
        "do not put this product into household waste"
    )
    assert "UKCA" not in page


def test_variant_with_marks_of_its_own_does_not_show_its_familys(client):
    cable = make_family("Cable", variants=[{"size": "1 m"}])
    ProductFacts.objects.create(product=cable, marks=["ce"])
    ProductFacts.objects.create(product=cable.children.get(), marks=["battery"])
    page = read(client, cable.children.get())
    assert "marks/battery.svg" in page and "marks/ce.svg" not in page


def test_every_mark_has_a_drawing_of_our_own_and_a_sentence():
    marks = show_marks([*Mark.values, "gs"])
    assert len({mark.sentence for mark in marks}) == len({mark.drawing for mark in marks}) == len(Mark)
    for mark in marks:
        drawing = Path(finders.find(mark.drawing)).read_text()
        assert drawing.startswith("<svg ") and "href" not in drawing and "<script" not in drawing


def test_documents_cost_one_query_however_many_there_are(client):
    lamp = make_single("Lamp")
    client.get(lamp.get_absolute_url())
    counts = []
    for number in (0, 1, 8):
        for _each in range(number):
            make_document(lamp)
        with CaptureQueriesContext(connection) as queries:
            client.get(lamp.get_absolute_url())
        counts.append(len(queries))
    assert [count - counts[0] for count in counts] == [0, 1, 1]


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    return client


def test_a_document_that_is_replaced_or_deleted_leaves_no_file_behind(
    staff, django_capture_on_commit_callbacks
):
    document = make_document(make_single("Lamp"))
    first, storage = document.file.name, document.file.storage
    sent = {"product": document.product_id, "kind": "manual", "language": "de"}
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"/admin/product-documents/edit/{document.pk}/", sent)
    assert storage.exists(first)  # its file was not touched
    with django_capture_on_commit_callbacks(execute=True):
        new = SimpleUploadedFile("manual.pdf", PDF)
        staff.post(f"/admin/product-documents/edit/{document.pk}/", {**sent, "file": new})
    second = ProductDocument.objects.get().file.name
    assert second != first and storage.exists(second) and not storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(f"/admin/product-documents/delete/{document.pk}/").status_code == 302
    assert not storage.exists(second)


def test_a_file_that_another_row_names_stays(staff, django_capture_on_commit_callbacks):
    document = make_document(make_single("Lamp"))
    other = make_document(make_single("Pot"))
    ProductDocument.objects.filter(pk=other.pk).update(file=document.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"/admin/product-documents/delete/{document.pk}/")
    assert document.file.storage.exists(document.file.name)


def test_a_video_that_is_cleared_is_gone(staff, django_capture_on_commit_callbacks):
    lamp = make_single("Lamp")
    facts = ProductFacts.objects.create(product=lamp, video=ContentFile(b"....ftyp", name="lamp.mp4"))
    name, storage = facts.video.name, facts.video.storage
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(
            f"/admin/product-facts/edit/{facts.pk}/", {"product": lamp.pk, "video-clear": "on"}
        )
    assert answer.status_code == 302, answer.context["form"].errors
    assert not ProductFacts.objects.get().video and not storage.exists(name)
