"""The suite's database: loaded from the snapshot on SQLite, migrated on PostgreSQL; no network but loopback."""

import fcntl
import os
import shutil
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase

from storefront.core.remembered import Remembered
from storefront.setup.database import prepare_database


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, tmp_path_factory, worker_id
):
    """Give the session, or each of its parallel workers, a database with what migrations seed in it."""
    if connection.vendor == "sqlite":
        yield from _sqlite_from_snapshot(django_db_blocker, tmp_path_factory)
    else:
        folder = tmp_path_factory.getbasetemp()
        yield from _migrated(django_db_blocker, folder if worker_id == "master" else folder.parent)


def _sqlite_from_snapshot(blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("database")
    database = folder / "test.sqlite3"
    connection.close()
    connection.settings_dict["NAME"] = str(database)
    with blocker.unblock():
        prepare_database()
        connection.close()
        shutil.copyfile(database, folder / "seed.sqlite3")
    yield
    with blocker.unblock():
        connections.close_all()


def _migrated(blocker, folder):
    """Migrate once for all workers, which have `folder` in common: it takes a minute, a copy a second."""
    database = connection.settings_dict
    name = database["TEST"]["NAME"] or f"test_{database['NAME']}"
    seed = f"{name}_seed"
    with blocker.unblock():
        with _in_turn(folder) as migrated:
            _copy_postgres_database(source=migrated.read_text() or "template1", target=seed)
            database["NAME"] = seed
            prepare_database()
            migrated.write_text(seed)
        database["NAME"] = name
        restore_database()
    yield
    with blocker.unblock(), _in_turn(folder) as migrated:
        migrated.write_text("")
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            for each in (name, seed):
                cursor.execute(f'DROP DATABASE "{each}" WITH (FORCE)')


@contextmanager
def _in_turn(folder):
    """Let one worker after the other have the file with the name of a database that is migrated."""
    migrated = folder / "migrated"
    with migrated.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield migrated


def restore_database():
    """Bring back what migrations seed, and nothing else."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    if connection.vendor == "sqlite":
        for suffix in ("-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(Path(name).with_name("seed.sqlite3"), name)
    else:
        _copy_postgres_database(source=f"{name}_seed", target=name)


def _copy_postgres_database(*, source, target):
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


_first: dict[Remembered[Any], Any] = {}


def pytest_collection_modifyitems(items):
    """Keep the browser tests of a file together on one worker, by --dist loadgroup, unless they say otherwise.

    What is long comes first, so that no worker is left with it while the others have nothing to do.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("xdist_group"):
            item.add_marker(
                pytest.mark.xdist_group(
                    item.path.parent.name if "shop" in item.fixturenames else item.path.name
                )
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say what every open page showed when a browser test failed, and keep a picture of it in var/failures."""
    report = yield
    if report.failed and call.when == "call" and "browser" in item.fixturenames:
        from tests.journeys.chromium import describe_open_pages

        report.sections.append(("open pages", describe_open_pages(item.funcargs["browser"], item.name)))
    return report


@pytest.fixture(scope="session", autouse=True)
def _remembered(django_db_setup, django_db_blocker):
    """Read once what a process remembers, and keep it: no test counts that query, none sees it grow old."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storefront.core.remembered.monotonic", lambda: 0.0)
        with django_db_blocker.unblock():
            _ = connection.features.supports_json_field  # Django asks SQLite once
            for value in Remembered.everything:
                _first[value] = value()
            # The browser's event loop hides what was opened before it; the file must not be held while it is restored.
            connections.close_all()
        yield


@pytest.fixture(autouse=True)
def _forget_what_a_test_left():
    """Let no test see what another one changed."""
    yield
    for value, first in _first.items():
        value._kept = (first, 0.0)


@pytest.fixture(scope="session", autouse=True)
def _seed_after_commits(django_db_setup):
    """Copy the database anew after a test that really commits: Django would empty its tables, one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: restore_database())
        yield


@pytest.fixture(autouse=True)
def _empty_cache():
    """Forget markets, menus and addresses that an earlier test left."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Refuse every connection that leaves this machine."""
    real_connect = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise OSError(f"The suite does not use the network: connection to {address[0]} refused.")
        return real_connect(self, address)

    socket.socket.connect = connect
    yield
    socket.socket.connect = real_connect


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole session: Playwright's synchronous interface can run only once at a time."""
    from tests.journeys.chromium import chromium

    # It runs an event loop in this thread, in which Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as running:
        yield running
