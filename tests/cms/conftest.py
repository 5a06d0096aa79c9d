"""A catalogue, a picture and a home page to test pages with."""

import io

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from oscar.core.loading import get_model
from oscar.test import factories
from PIL import Image
from wagtail.images import get_image_model

from storefront.cms.services import create_first_pages


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def home(db):
    return create_first_pages(shop_name="Wharf & Sons")


@pytest.fixture
def picture(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = io.BytesIO()
    Image.new("RGB", (160, 110), "teal").save(content, "PNG")
    content.seek(0)
    return get_image_model().objects.create(title="Table", file=ImageFile(content, name="table.png"))


@pytest.fixture
def admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser(email="staff@example.test", password="x"))
    return client


@pytest.fixture
def make_categories(db):
    def make(*names):
        Category = get_model("catalogue", "Category")
        return [Category.add_root(name=name) for name in names]

    return make


@pytest.fixture
def make_products(db):
    def make(count, *, categories=()):
        products = []
        for number in range(1, count + 1):
            product = factories.create_product(
                title=f"Cable {number}", num_in_stock=5, partner_sku=f"ZL-{number:03}", price=10
            )
            for category in categories:
                product.categories.add(category)
            products.append(product)
        return products

    return make
