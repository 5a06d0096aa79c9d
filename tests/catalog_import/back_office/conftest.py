"""A merchant who is signed in, and the files of the demo brand as an upload."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from storefront.accounts.services import FULFILMENT, SHOP_MANAGERS, ensure_staff_groups
from tests.back_office.shop import PASSWORD, make_user
from tests.catalog_import.conftest import DEMO_BRAND

FIVE_FILES = (
    "listings/All_Listings_Report_US.txt",
    "category_listings/Category_Listings_Report_PLANTER_US.xlsx",
    "category_listings/Category_Listings_Report_GARDEN_TOOL_US.txt",
    "category_listings/Category_Listings_Report_POWER_BANK_US.xlsx",
    "reports/FBA_MYI_Unsuppressed_Inventory_US.txt",
)


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


@pytest.fixture
def merchant(db, settings, tmp_path):
    """A shop manager's browser; uploads and pictures go into folders of the test."""
    settings.IMPORTS_ROOT = tmp_path / "imports"
    settings.MEDIA_ROOT = tmp_path / "media"
    ensure_staff_groups()
    return _signed_in(make_user("manager@example.test", group=SHOP_MANAGERS))


@pytest.fixture
def packer(db):
    ensure_staff_groups()
    return _signed_in(make_user("packer@example.test", group=FULFILMENT))


@pytest.fixture
def owner(db):
    return _signed_in(get_user_model().objects.create_superuser(email="o@example.test", password=PASSWORD))


def as_upload(path, name: str = "") -> SimpleUploadedFile:
    """Return a file of the demo brand as a browser would send it."""
    whole = DEMO_BRAND / path
    return SimpleUploadedFile(name or whole.name, whole.read_bytes())


@pytest.fixture
def upload(merchant):
    """Upload files as the form without a script does; return the page that follows."""

    def send(*files, marketplace="us", **data):
        return merchant.post(
            "/admin/imports/new/", {"files": list(files), "marketplace": marketplace, **data}, follow=True
        )

    return send
