"""The catalogue is downloaded from the page of imports."""

import pytest
from django.urls import reverse

from catalog_import.open_format import FORMATS
from tests.catalog_import.conftest import PLANTERS
from tests.catalog_import.oracle import export

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format", FORMATS)
def test_the_catalogue_is_a_download(merchant, import_amazon, format):
    import_amazon("apply", PLANTERS)
    address = reverse("catalog_import:catalogue-file", args=[format])
    assert address in merchant.get(reverse("catalog_import:index")).content.decode()

    answer = merchant.get(address)

    assert (
        answer["Content-Disposition"].startswith("attachment")
        and f".{format}" in answer["Content-Disposition"]
    )
    assert b"".join(answer.streaming_content) == export(format=format, with_amazon=False)


def test_packers_do_not_export_and_other_formats_are_none(packer, merchant):
    assert packer.get(reverse("catalog_import:catalogue-file", args=["csv"])).status_code in (302, 403)
    assert merchant.get(reverse("catalog_import:catalogue-file", args=["pdf"])).status_code == 404
