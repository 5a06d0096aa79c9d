"""Pictures come from a folder or the public web, are stored once, and never stop an import."""

import hashlib
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.files.storage import default_storage
from oscar.core.loading import get_model
from PIL import Image

from catalog_import import picture_jobs
from catalog_import.errors import PictureAddressRefused, PictureUnavailable
from catalog_import.models import AmazonListing, ImportRun, PictureJob
from catalog_import.picture_addresses import canonical_address, distinct_addresses
from catalog_import.picture_jobs import bring_jobs_up_to_date, undo_jobs
from catalog_import.picture_sources import MAX_PICTURE_BYTES, FolderPictures, WebPictures
from catalog_import.pictures import attach_pictures, store_picture
from storefront.theming.pictures import rendition_name
from tests.catalog_import.conftest import DEMO_BRAND, PLANTERS, US_FILES

ProductImage = get_model("catalogue", "ProductImage")


def make_picture(width=1000, height=500, *, color="red", format="JPEG", mode="RGB"):
    output = io.BytesIO()
    Image.new(mode, (width, height), color).save(output, format)
    return output.getvalue()


@pytest.fixture
def media(settings, tmp_path):
    """Give the test a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def web():
    """A web server on loopback: path -> (status, headers, body); returns the answers to fill, and its host:port."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield answers, f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "https://m.media-amazon.com/images/I/71ab+c._AC_SL1500_.jpg",
            "https://m.media-amazon.com/images/I/71ab+c.jpg",
        ),
        ("https://m.media-amazon.com/images/I/71abc.jpg", "https://m.media-amazon.com/images/I/71abc.jpg"),
        (
            "https://m.media-amazon.com/images/W/WEBP_402378-T1/images/I/71abc._SX300_.jpg",
            "https://m.media-amazon.com/images/I/71abc.jpg",
        ),
        ("https://shop.example/a._b_.jpg", "https://shop.example/a._b_.jpg"),
    ],
)
def test_an_address_leads_to_the_original_size(url, canonical):
    assert canonical_address(url) == canonical


def test_sizes_of_one_picture_swatches_and_placeholders_are_left_out():
    base = "https://m.media-amazon.com/images/I/"
    pictures = [
        (base + "71a._SL75_.jpg", "main"),
        (base + "71a._SL500_.jpg", "other"),
        (base + "71b.jpg", "other"),
        (base + "transparent-pixel.jpg", "other"),
        (base + "71c.jpg", "swatch"),
    ]

    assert distinct_addresses(pictures) == [base + "71a._SL75_.jpg", base + "71b.jpg"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.jpg",
        "http://[::ffff:127.0.0.1]/a.jpg",
        "http://2130706433/a.jpg",
        "http://localhost:8000/a.jpg",
        "http://10.0.0.5/a.jpg",
        "file:///etc/passwd",
        "ftp://images.example.test/a.jpg",
    ],
)
def test_private_and_strange_addresses_are_never_asked(url):
    with pytest.raises(PictureAddressRefused):
        WebPictures().fetch(url)


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:1/a.jpg", "http://169.254.169.254/", "http://[::1]/a.jpg", "file:///etc/passwd"],
)
def test_a_redirect_to_a_private_address_is_not_followed(web, target):
    answers, host = web
    answers["/a.jpg"] = (302, {"Location": target}, b"")

    with pytest.raises(PictureAddressRefused):
        WebPictures(trusted=[host]).fetch(f"http://{host}/a.jpg")


def test_a_redirect_is_followed_where_it_is_allowed(web):
    answers, host = web
    answers["/a.jpg"] = (301, {"Location": "/b.jpg"}, b"")
    answers["/b.jpg"] = (200, {}, b"picture")

    assert WebPictures(trusted=[host]).fetch(f"http://{host}/a.jpg") == b"picture"


def test_the_original_size_is_asked_first_and_the_given_one_where_it_is_missing(web):
    answers, host = web
    answers["/images/I/71a.jpg"] = (200, {}, b"original")
    answers["/images/I/71b._SL500_.jpg"] = (200, {}, b"small")
    source = WebPictures(trusted=[host])

    assert source.fetch(f"http://{host}/images/I/71a._SL500_.jpg") == b"original"
    assert source.fetch(f"http://{host}/images/I/71b._SL500_.jpg") == b"small"


def test_a_picture_that_is_too_large_is_not_read_to_its_end(web):
    answers, host = web
    answers["/a.jpg"] = (200, {}, b"x" * (MAX_PICTURE_BYTES + 1))

    with pytest.raises(PictureUnavailable, match="larger than 20 MB"):
        WebPictures(trusted=[host]).fetch(f"http://{host}/a.jpg")


@pytest.mark.parametrize(
    "content", [b"", b"<html>not found</html>", b"<svg/>", make_picture(format="BMP"), make_picture()[:200]]
)
def test_what_is_not_a_sound_picture_is_not_taken(media, content):
    with pytest.raises(PictureUnavailable):
        store_picture(content)


def test_a_picture_of_too_many_pixels_is_not_decoded(media):
    with pytest.raises(PictureUnavailable, match="50 megapixels"):
        store_picture(make_picture(10_000, 5_001, mode="1", color=1, format="PNG"))


def test_a_picture_is_stored_by_its_content_with_its_smaller_copies(media):
    content = make_picture(1000, 500)
    digest = hashlib.sha256(content).hexdigest()

    name = store_picture(content)

    assert name == f"products/{digest[:2]}/{digest}.jpg" == store_picture(content)
    assert sorted(path.name for path in media.rglob("*.*")) == [
        f"{digest}.400.webp",
        f"{digest}.800.webp",
        f"{digest}.jpg",
    ]
    with default_storage.open(rendition_name(name, 400)) as file:
        assert Image.open(file).size == (400, 200)


def test_a_small_picture_is_never_blown_up_and_transparency_becomes_white(media):
    name = store_picture(make_picture(300, 300, mode="RGBA", color=(0, 0, 0, 0), format="PNG"))

    with default_storage.open(rendition_name(name, 800)) as file:
        rendition = Image.open(file).convert("RGB")
    assert rendition.size == (300, 300)
    assert rendition.getpixel((150, 150)) == (255, 255, 255)


def test_a_folder_map_cannot_lead_out_of_the_folder(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "url_map.json").write_text(json.dumps({"https://x.test/a.jpg": "../secret.txt"}))

    with pytest.raises(PictureUnavailable, match="not in the folder"):
        FolderPictures(folder, workers=1).fetch("https://x.test/a.jpg")


@pytest.mark.django_db
def test_products_get_their_pictures_in_order_and_share_the_files(import_amazon, media, answers):
    code, _, _ = import_amazon("apply", PLANTERS, US_FILES[2], pictures=DEMO_BRAND / "images")

    planters = [item for item in answers.values() if item["product_type"] == "PLANTER"]
    assert code == 0
    assert ProductImage.objects.count() == sum(len(item["images"]) for item in planters)
    distinct = {url for item in planters for url in item["images"]}
    assert len({image.original.name for image in ProductImage.objects.all()}) <= len(distinct)
    url_map = json.loads((DEMO_BRAND / "images" / "url_map.json").read_text())
    for item in planters:
        images = ProductImage.objects.filter(product__amazon_listings__sku=item["sku"])
        expected = [
            hashlib.sha256((DEMO_BRAND / "images" / url_map[url]).read_bytes()).hexdigest()
            for url in item["images"]
        ]
        assert [image.original.name.split("/")[-1].split(".")[0] for image in images] == expected
        assert {image.caption for image in images} == {item["title"]["us"]}


@pytest.mark.django_db
def test_pictures_left_out_are_fetched_by_the_next_run(import_amazon, media):
    import_amazon("apply", PLANTERS)
    assert not PictureJob.objects.exists()

    import_amazon("apply", PLANTERS, pictures=DEMO_BRAND / "images")
    first = list(ProductImage.objects.order_by("id").values())
    import_amazon("apply", PLANTERS, pictures=DEMO_BRAND / "images")

    assert first
    assert list(ProductImage.objects.order_by("id").values()) == first
    assert set(PictureJob.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
def test_pictures_that_cannot_be_had_are_reported_and_tried_again(import_amazon, media, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    code, printed, _ = import_amazon("apply", PLANTERS, pictures=empty)

    assert (code, printed["counts"]["create"]) == (1, 18)
    assert {problem["kind"] for problem in printed["problems"]} >= {"picture_failed"}
    assert not ProductImage.objects.exists()
    for _step in attach_pictures(
        source=FolderPictures(DEMO_BRAND / "images", workers=2), marketplace="us", ranks={"us": 0}
    ):
        pass
    assert set(PictureJob.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
def test_what_pictures_are_named_is_found_with_the_same_queries_for_few_products_and_for_many(
    import_amazon, django_assert_num_queries, monkeypatch
):
    import_amazon("apply", PLANTERS)
    products = AmazonListing.objects.filter(is_primary=True).count()
    bring_jobs_up_to_date(marketplace="us", ranks={"us": 0})
    jobs = list(PictureJob.objects.order_by("id").values())
    assert jobs

    with django_assert_num_queries(
        6
    ):  # a part: which products, savepoint, listings, jobs; and that there is no other
        bring_jobs_up_to_date(marketplace="us", ranks={"us": 0})
    monkeypatch.setattr(picture_jobs, "PART_PRODUCTS", 5)
    with django_assert_num_queries(5 * -(-products // 5) + 1):
        bring_jobs_up_to_date(marketplace="us", ranks={"us": 0})

    assert list(PictureJob.objects.order_by("id").values()) == jobs


@pytest.mark.django_db
def test_parts_of_few_products_have_the_same_pictures_done_and_undone(import_amazon, media, monkeypatch):
    import_amazon("apply", PLANTERS, pictures=DEMO_BRAND / "images")
    images = ProductImage.objects.order_by("product_id", "display_order", "id")
    expected = list(images.values_list("product_id", "original", "display_order"))
    run = ImportRun.objects.get()
    monkeypatch.setattr(picture_jobs, "PART_PRODUCTS", 2)

    undo_jobs(run=run, ranks={"us": 0})
    assert not images.exists()
    source = FolderPictures(DEMO_BRAND / "images", workers=2)
    steps = list(attach_pictures(source=source, marketplace="us", ranks={"us": 0}))

    assert list(images.values_list("product_id", "original", "display_order")) == expected
    assert not steps  # they come back from the storage


@pytest.mark.django_db
def test_a_picture_of_several_products_is_asked_for_once(import_amazon, media):
    class Counting(FolderPictures):
        asked = []

        def fetch(self, url):
            self.asked.append(canonical_address(url))
            return super().fetch(url)

    import_amazon("apply", PLANTERS)
    source = Counting(DEMO_BRAND / "images", workers=2)
    *_, last = attach_pictures(source=source, marketplace="us", ranks={"us": 0})

    assert last.done == last.total == len(source.asked) == len(set(source.asked))
    assert PictureJob.objects.count() > last.total
