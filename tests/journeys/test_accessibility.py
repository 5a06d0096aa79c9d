"""Every page of a shopper's in three themes: nothing for axe-core to find, nothing wider than a zoomed window.

Each is kept as a picture, at phone and desktop width, in var/screenshots.
"""

import pytest

from tests.journeys.accessibility import look
from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.demo_shop import running_demo
from tests.journeys.pages import visit_pages
from tests.journeys.screenshots import TARGET, shoot
from tests.journeys.shopper import Shopper

pytestmark = [pytest.mark.browser, pytest.mark.long]


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
        shopper = Shopper(browser, shop, size=DESKTOP, name=f"axe-{theme}")
        found = []
        for name, page in visit_pages(shopper):
            found += [f"{name}: {violation}" for violation in look(page)]
            for size in (PHONE, DESKTOP):
                page.set_viewport_size(size)
                shoot(page, TARGET / theme / f"{name}-{size['width']}.png", is_whole=name != "mini-basket")
        shopper.close()
    assert found == []
