"""The merchant's list of products without words in a language."""

import pytest
from django.contrib.auth import get_user_model

from tests.catalogue.factories import make_family, make_single, make_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant(client):
    user = get_user_model().objects.create_superuser(email="merchant@example.test", password="x" * 12)
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


def test_the_report_names_what_lacks_words_in_a_language(merchant, markets):
    make_text(make_single("Lamp"), language="de", title="Leuchte")
    make_single("Rake")
    make_family("Cable", variants=[{"size": "1 m"}])
    make_single("Hidden", is_public=False)

    page = merchant.get("/admin/reports/missing-texts/").content.decode()

    assert "2 products have no text in Deutsch." in page
    assert "Rake" in page and "Cable" in page
    assert "Lamp" not in page and "Hidden" not in page


def test_the_report_is_found_under_reports(merchant, markets):
    assert "/admin/reports/missing-texts/" in merchant.get("/admin/").content.decode()


def test_a_shop_in_one_language_has_no_such_report(merchant, open_markets):
    open_markets(["us"])

    assert "/admin/reports/missing-texts/" not in merchant.get("/admin/").content.decode()
    assert merchant.get("/admin/reports/missing-texts/").status_code == 200
