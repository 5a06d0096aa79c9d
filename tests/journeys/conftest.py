"""One running demo and one browser for all journeys of a session."""

import pytest

from tests.journeys.demo_shop import running_demo


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    with running_demo(tmp_path_factory.mktemp("demo") / "var") as running:
        yield running
