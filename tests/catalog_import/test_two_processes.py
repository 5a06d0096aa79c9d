"""A long table read by two processes says what one process reads, whatever becomes of the second."""

import gzip
import multiprocessing
import os
import signal
import threading
import time
import zipfile
from pathlib import Path

import pytest

from catalog_import import readers
from catalog_import.marketplaces import find_marketplace
from catalog_import.readers import read_files
from catalog_import.two_processes import BLOCK, can_be_two, read_in_two
from tests.data.generate_listings import generate

HERE = os.getpid()
ROWS = 3 * BLOCK + 7


def rows():
    return iter(range(ROWS))


def double(block):
    return [2 * row for row in block]


DOUBLED = double(rows())


@pytest.mark.parametrize(("format_", "market"), [("clr", "us"), ("all-listings", "de"), ("flat-file", "us")])
def test_file_read_by_two_is_the_file_read_by_one(format_, market, tmp_path, monkeypatch):
    path = tmp_path / "report.txt"
    generate(4_000, format_, market, 3, str(path), 0.05)
    used = []
    monkeypatch.setattr(readers, "can_be_two", lambda: used.append(1) or True)
    two = read_files(paths=[path], marketplace=find_marketplace(market))
    monkeypatch.setattr(readers, "can_be_two", lambda: False)
    one = read_files(paths=[path], marketplace=find_marketplace(market))

    assert used
    assert len(one.problems) > 50
    assert two.problems == one.problems
    assert [problem.message.values for problem in two.problems if problem.message.values]
    assert list(two.listings) == list(one.listings)
    assert (two.files, two.is_complete) == (one.files, one.is_complete)


@pytest.mark.parametrize("packed", ["zip", "gzip"])
def test_packed_file_is_read_by_two_as_by_one(packed, tmp_path, monkeypatch):
    path, given = tmp_path / "report.txt", tmp_path / f"report.{packed}"
    generate(6_000, "clr", "us", 3, str(path))
    if packed == "gzip":
        given.write_bytes(gzip.compress(path.read_bytes()))
    else:
        with zipfile.ZipFile(given, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "report.txt")
    monkeypatch.setattr(readers, "can_be_two", lambda: True)
    two = read_files(paths=[given], marketplace=find_marketplace("us"))
    one = read_files(paths=[path], marketplace=find_marketplace("us"))

    assert len(two.listings) > 5_000
    assert [each.title for each in two.listings] == [each.title for each in one.listings]


def test_work_of_a_second_process_that_is_killed_is_done_by_the_first():
    def die(block):
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return double(block)

    assert list(read_in_two(rows, die)) == DOUBLED


def test_error_of_the_second_process_is_raised_by_the_first():
    def refuse(block):
        if BLOCK in block:
            raise ValueError("row 500 is broken")
        return double(block)

    made = []
    with pytest.raises(ValueError, match="row 500"):
        made += read_in_two(rows, refuse)
    assert made == DOUBLED[:BLOCK]


def test_no_process_is_left_when_reading_ends_early():
    reading = read_in_two(rows, double)
    next(reading)
    assert multiprocessing.active_children()

    reading.close()

    assert not multiprocessing.active_children()


def test_second_process_ends_with_the_first(tmp_path):
    told = tmp_path / "second"

    def tell(block):
        if os.getppid() != HERE:
            told.write_text(str(os.getpid()))
        return ["x" * 100_000 for _ in block]  # more than a pipe holds: it waits to be read

    first = os.fork()
    if first == 0:
        for _ in read_in_two(rows, tell):
            time.sleep(60)
    wait_for(lambda: told.exists() and told.read_text())
    second = Path("/proc") / told.read_text()
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)

    wait_for(lambda: not second.exists() or " Z " in (second / "stat").read_text())


def test_process_with_other_threads_is_not_forked():
    """One of them may hold a lock just then, which nobody would ever release in the second process."""
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        assert not can_be_two()
    finally:
        ended.set()
        other.join()


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
