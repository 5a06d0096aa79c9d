"""What a newcomer meets first: the environment script, the ports, the snapshot."""

import os
import shutil
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from storefront.markets.selectors.markets import enabled_markets
from storefront.setup import demo
from storefront.setup.services import prepare_shop
from storefront.setup.snapshot import SNAPSHOT_FILE, dump_database, load_snapshot

ROOT = Path(__file__).resolve().parents[2]


def test_loaded_snapshot_is_the_committed_one(tmp_path):
    database = tmp_path / "shop.sqlite3"
    load_snapshot(database)
    assert dump_database(database) == SNAPSHOT_FILE.read_text()
    assert list(tmp_path.iterdir()) == [database]


@pytest.mark.django_db
def test_a_new_shop_has_its_markets_once(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    prepare_shop(demo=False, say=lambda line: None)
    markets = list(enabled_markets().values_list("code", "currency"))
    prepare_shop(demo=False, say=lambda line: None)
    assert (
        markets == list(enabled_markets().values_list("code", "currency")) == [("us", "USD"), ("de", "EUR")]
    )


def test_a_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo._free_port(port) > port


def test_reset_removes_the_shop_and_leaves_the_rest(tmp_path):
    (tmp_path / "shop.sqlite3").touch()
    (tmp_path / "media" / "products").mkdir(parents=True)
    (tmp_path / "screenshots").mkdir()
    demo._remove(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["screenshots"]


def test_an_old_python_is_refused_with_a_sentence(tmp_path):
    done = install(tmp_path, python_says="exit 1", version="Python 3.9.2")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; found: Python 3.9.2." in done.stderr
    assert "make demo PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_network_is_said_and_nothing_is_marked_done(tmp_path):
    failing_pip = tmp_path / ".venv" / "bin" / "python"
    failing_pip.parent.mkdir(parents=True)
    script(failing_pip, "echo 'Could not find a version' >&2; exit 1")
    done = install(tmp_path, python_says="exit 0", version="Python 3.11.7")
    assert done.returncode == 1
    assert "Could not find a version" in done.stderr
    assert "no network" in done.stderr
    assert not (tmp_path / ".venv" / ".base").exists()


def test_a_full_disk_is_said(tmp_path):
    script(tmp_path / "bin" / "df", "echo Filesystem; echo 'disk 1 1 12 99% /'")
    done = install(tmp_path, python_says="exit 0", version="Python 3.11.7")
    assert done.returncode == 1
    assert "Only 12 MB are free" in done.stderr


def install(folder, *, python_says, version):
    python = folder / "fake-python"
    script(python, f'[ "$1" = --version ] && echo "{version}" && exit 0; {python_says}')
    (folder / "requirements").mkdir()
    shutil.copy(ROOT / "requirements" / "install.sh", folder / "requirements")
    environment = {**os.environ, "PYTHON": str(python), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "requirements/install.sh", "base"], cwd=folder, env=environment, capture_output=True, text=True
    )


def script(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
