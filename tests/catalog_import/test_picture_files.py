"""Pictures given along, retries, Amazon's spellings of one picture, and addresses that turn hostile."""

import socket
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalog_import.errors import PictureAddressRefused, PictureUnavailable
from catalog_import.picture_addresses import canonical_address, distinct_addresses
from catalog_import.picture_files import FirstOf, PictureFiles
from catalog_import.picture_sources import WebPictures

BASE = "https://m.media-amazon.com/images/I/"


@pytest.fixture
def busy_server():
    """A server on loopback that is busy a number of times before it answers; returns its host:port and the count."""
    state = {"busy": 0, "asked": 0}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state["asked"] += 1
            is_busy = state["asked"] <= state["busy"]
            self.send_response(503 if is_busy else 200)
            self.end_headers()
            self.wfile.write(b"" if is_busy else b"picture")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", state
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "url",
    [
        f"{BASE}91uohwV+k3L.jpg",
        f"{BASE}91uohwV%2Bk3L._AC_SL1500_.jpg",
        f"{BASE}91uohwV+k3L._AC_._SX300_SY300_QL70_ML2_.jpg",
        "https://images-na.ssl-images-amazon.com/images/I/91uohwV+k3L._SL75_.jpg",
        "https://images-eu.ssl-images-amazon.com/images/I/91uohwV+k3L._UL320_.jpg",
        "http://ecx.images-amazon.com/images/I/91uohwV+k3L._SS40_.jpg",
        "https://m.media-amazon.com/images/W/WEBP_402378-T1/images/I/91uohwV+k3L._SX300_.jpg",
    ],
)
def test_every_spelling_of_one_picture_leads_to_its_original_size(url):
    assert canonical_address(url) == f"{BASE}91uohwV+k3L.jpg"


def test_a_cut_of_an_aplus_picture_leads_to_the_whole():
    address = "https://m.media-amazon.com/images/S/aplus-media-library-service-media/ab-12"
    assert canonical_address(f"{address}.__CR0,0,970,600_PT0_SX970_V1___.jpg") == f"{address}.jpg"


def test_one_picture_on_two_servers_comes_once():
    urls = [f"{BASE}71a._SL75_.jpg", "https://images-na.ssl-images-amazon.com/images/I/71a.jpg"]
    assert distinct_addresses((url, "other") for url in urls) == urls[:1]


def test_a_busy_server_is_asked_again(busy_server):
    host, state = busy_server
    state["busy"] = 2

    assert WebPictures(trusted=[host], retry_after=(0, 0)).fetch(f"http://{host}/a.jpg") == b"picture"
    assert state["asked"] == 3


def test_a_server_that_stays_busy_is_given_up(busy_server):
    host, state = busy_server
    state["busy"] = 99

    with pytest.raises(PictureUnavailable, match="answered 503"):
        WebPictures(trusted=[host], retry_after=(0, 0)).fetch(f"http://{host}/a.jpg")
    assert state["asked"] == 3


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.216.34", "169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"], ["fd00::1"]],
)
def test_a_public_name_that_leads_inside_is_not_asked(monkeypatch, addresses):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **options: [(0, 0, 0, "", (each, 443)) for each in addresses]
    )

    with pytest.raises(PictureAddressRefused):
        WebPictures().fetch("https://pictures.example.test/a.jpg")


def test_a_name_is_looked_up_once_so_that_it_cannot_change_between_check_and_visit(monkeypatch, busy_server):
    host, _state = busy_server
    port = int(host.rpartition(":")[2])
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked = []

    def look_up(name, *args, **options):
        if name == "127.0.0.1":  # the address that was checked, not a name any more
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, port))]
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in answers[len(asked) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    source = WebPictures(trusted=[f"pictures.example.test:{port}"])

    assert source.fetch(f"http://pictures.example.test:{port}/a.jpg") == b"picture"
    assert asked == ["pictures.example.test"]


def test_pictures_come_from_files_and_archives_by_the_name_in_the_address(tmp_path):
    (tmp_path / "71A.JPG").write_bytes(b"loose")
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        archive.writestr("deep/71b.png", b"packed")
        archive.writestr("notes.txt", b"no")
    files = PictureFiles([tmp_path])

    assert len(files) == 2
    assert files.fetch(f"{BASE}71a._AC_SL500_.jpg") == b"loose"
    assert files.fetch(f"{BASE}71b._SX300_.jpg") == b"packed"
    with pytest.raises(PictureUnavailable):
        files.fetch(f"{BASE}notes.jpg")


def test_the_web_is_asked_for_what_was_not_given_along(tmp_path, busy_server):
    host, state = busy_server
    (tmp_path / "71a.jpg").write_bytes(b"loose")
    source = FirstOf(PictureFiles([tmp_path]), WebPictures(trusted=[host]))

    assert source.fetch(f"http://{host}/71a.jpg") == b"loose"
    assert state["asked"] == 0
    assert source.fetch(f"http://{host}/other.jpg") == b"picture"
