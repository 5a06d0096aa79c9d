"""Every page of a shopper's in three themes: nothing for axe-core to find, nothing wider than a zoomed window."""

import pytest

from tests.journeys.accessibility import check
from tests.journeys.demo_shop import running_demo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One shop, started once in each theme."""
    return tmp_path_factory.mktemp("themes") / "var"


@pytest.mark.parametrize("theme", ["base", "harbour", "grove"])
def test_no_page_has_a_violation(var, browser, theme):
    with running_demo(var, port=8240, theme=theme) as shop:
        assert check(browser, shop) == []
