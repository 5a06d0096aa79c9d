"""One running demo and one browser for all journeys of a session."""

import pytest

from tests.journeys.demo_shop import running_demo


@pytest.fixture(scope="session")
def shop(tmp_path_factory, worker_id):
    port = 8200 + 20 * int(worker_id.removeprefix("gw") if worker_id != "master" else 0)
    with running_demo(tmp_path_factory.mktemp("demo") / "var", port=port) as running:
        yield running
