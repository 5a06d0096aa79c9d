"""Every page of a shopper's in three themes: nothing for axe-core to find, nothing wider than a zoomed window."""

import pytest

from tests.journeys.accessibility import check
from tests.journeys.demo_shop import running_demo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One shop for the themes that a worker looks at."""
    return tmp_path_factory.mktemp("themes") / "var"


THEMES = ["base", "harbour", "grove"]


@pytest.mark.parametrize(
    "theme", [pytest.param(theme, marks=pytest.mark.xdist_group(f"axe-{theme}")) for theme in THEMES]
)
def test_no_page_has_a_violation(var, browser, theme):
    with running_demo(var, port=8500 + 20 * THEMES.index(theme), theme=theme) as shop:
        assert check(browser, shop) == []
