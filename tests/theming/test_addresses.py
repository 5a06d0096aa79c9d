"""Addresses of this shop are made absolute as Django does it, only faster."""

import pytest

from storefront.theming.page_card import absolute_by

ADDRESSES = [
    *("/", "/de/products/cable-2-m_17/?page=2&sort=price", "/media/images/a%20b.jpg", "/products/50%_9/"),
    *("/küche/", "/a b/", "//cdn.example.test/a.jpg", "https://cdn.example.test/a.jpg", "/quo\"te'<b>/", ""),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_is_the_one_django_makes(address, rf):
    request = rf.get("/de/", headers={"host": "shop.example.test:8080"}, secure=True)

    assert absolute_by(request)(address) == request.build_absolute_uri(address)
