"""Copies in AVIF, made by the scheduler beside those in WebP."""

import io

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from storefront.theming.pictures import (
    avif_name,
    can_make_avif,
    make_avif_copies,
    make_renditions,
    rendition_name,
)
from tests.catalogue import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(settings, tmp_path):
    """Return the names of two stored pictures that products show."""
    settings.MEDIA_ROOT = tmp_path
    product = factories.make_single("Lamp", pictures=2)
    names = [image.original.name for image in product.images.order_by("pk")]
    for name in names:
        content = io.BytesIO()
        Image.effect_noise((900, 600), 40).convert("RGB").save(content, "JPEG")
        default_storage.save(name, ContentFile(content.getvalue()))
        make_renditions(name)
    return names


def test_pillow_can_make_avif():
    assert can_make_avif()


def test_copy_is_avif_of_the_same_size_as_the_webp_and_made_once(stored):
    assert make_avif_copies(stored[0]) == 2
    assert make_avif_copies(stored[0]) == 0

    with default_storage.open(avif_name(stored[0], 400)) as avif, Image.open(avif) as picture:
        assert picture.format == "AVIF"
        made = picture.size
    with default_storage.open(rendition_name(stored[0], 400)) as webp, Image.open(webp) as picture:
        assert made == picture.size
    assert default_storage.size(avif_name(stored[0], 400)) < default_storage.size(
        rendition_name(stored[0], 400)
    )


def test_command_goes_on_from_where_the_last_run_stopped(stored):
    call_command("make_avif_copies", "--seconds", "0")
    assert not default_storage.exists(avif_name(stored[0], 400))

    call_command("make_avif_copies")
    assert all(default_storage.exists(avif_name(name, 800)) for name in stored)

    default_storage.delete(avif_name(stored[0], 400))
    call_command("make_avif_copies")
    assert not default_storage.exists(avif_name(stored[0], 400))
    call_command("make_avif_copies", "--again")
    assert default_storage.exists(avif_name(stored[0], 400))


def test_damaged_picture_does_not_stop_the_others(stored, capsys):
    default_storage.delete(stored[0])
    default_storage.save(stored[0], ContentFile(b"\xff\xd8 no picture"))

    call_command("make_avif_copies")

    assert stored[0] in capsys.readouterr().err
    assert default_storage.exists(avif_name(stored[1], 400))


def test_product_page_asks_for_its_first_picture_early(client, stored):
    cache.clear()
    page = client.get("/products/lamp_{}/".format(stored[0].split("/")[1])).text

    head = page.partition("</head>")[0]
    assert '<link rel="preload" as="image"' in head
    assert rendition_name(stored[0], 400) in head
