"""Addresses of products as Django would write them."""

import pytest
from django.urls import reverse, set_script_prefix

from storefront.search.product_urls import product_url


@pytest.mark.parametrize("prefix", ["/", "/de/", "/de-en/"])
@pytest.mark.parametrize("slug", ["lamp", "a-slug", "lamp_7", "Lamp-2", "gießkanne", ""])
def test_address_is_that_of_reverse(slug, prefix):
    set_script_prefix(prefix)
    try:
        try:
            expected = reverse("catalogue:detail", kwargs={"product_slug": slug, "pk": 12})
        except Exception as error:
            with pytest.raises(type(error)):
                product_url(slug=slug, pk=12)
        else:
            assert product_url(slug=slug, pk=12) == expected
    finally:
        set_script_prefix("/")
