"""Where pictures come from: a folder the merchant has, or the web, of which only the public part is asked."""

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3

from catalog_import.errors import PictureAddressRefused, PictureUnavailable, UnreadableFile
from catalog_import.picture_addresses import canonical_address, file_name
from catalog_import.said import say as _

MAX_PICTURE_BYTES = 20_000_000
CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 15
DOWNLOAD_TIMEOUT_SECONDS = 60
MAX_REDIRECTS = 4
RETRY_AFTER_SECONDS = (0.5, 2.0)
_PASSING = frozenset([408, 425, 429, 500, 502, 503, 504])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])


class PictureSource(Protocol):
    """Something that gives the bytes behind a picture address, `workers` at a time."""

    workers: int

    def fetch(self, url: str) -> bytes:
        """Return the bytes; raise PictureUnavailable."""
        ...


class FolderPictures:
    """Pictures in a folder: found by its `url_map.json` (address -> file name), else by the address's last part."""

    def __init__(self, folder: Path, *, workers: int):
        if not folder.is_dir():
            raise UnreadableFile(f"{folder} is not a folder with pictures.")
        self.workers = workers
        self._folder = folder.resolve()
        map_file = folder / "url_map.json"
        self._files: dict[str, str] = json.loads(map_file.read_text("utf-8")) if map_file.exists() else {}
        self._by_picture = {canonical_address(url): name for url, name in self._files.items()}
        self._by_name = {file_name(url): name for url, name in self._files.items()}

    def fetch(self, url: str) -> bytes:
        """Return the file's bytes."""
        picture = canonical_address(url)
        mapped = (
            self._files.get(url) or self._by_picture.get(picture) or self._by_name.get(file_name(picture))
        )
        for name in filter(None, (mapped, file_name(url), file_name(picture))):
            path = (self._folder / name).resolve()
            if path.is_relative_to(self._folder) and path.is_file():
                if path.stat().st_size > MAX_PICTURE_BYTES:
                    raise _too_large()
                return path.read_bytes()
        raise PictureUnavailable(_("The picture is not in the folder."))


class _ForNow(PictureUnavailable):
    """The picture could not be had this time; another try may."""


class WebPictures:
    """Pictures on the web. A name is resolved once, its addresses are checked, and that very address is asked.

    `trusted` are `host:port` pairs asked although they are private, such as a media server of the merchant's own.
    A server that is busy or silent is asked again after each of `retry_after` seconds.
    """

    def __init__(
        self,
        *,
        workers: int = 8,
        trusted: Collection[str] = (),
        retry_after: Sequence[float] = RETRY_AFTER_SECONDS,
    ):
        self.workers = workers
        self._retry_after = retry_after
        self._trusted = frozenset(trusted)

    def fetch(self, url: str) -> bytes:
        """Return the picture at its original size, or at the size given where Amazon has no other."""
        original = canonical_address(url)
        if original != url:
            try:
                return self._download(original)
            except PictureAddressRefused:
                raise
            except PictureUnavailable:
                pass
        return self._download(url)

    def _download(self, url: str) -> bytes:
        for pause in self._retry_after:
            try:
                return self._download_once(url)
            except _ForNow:
                time.sleep(pause)
        return self._download_once(url)

    def _download_once(self, url: str) -> bytes:
        deadline = time.monotonic() + DOWNLOAD_TIMEOUT_SECONDS
        for _hop in range(MAX_REDIRECTS + 1):
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise PictureAddressRefused(_("The address is not http or https."))
            try:
                response = self._ask(parts)
                if response.status in _REDIRECTS and response.headers.get("Location"):
                    url = urljoin(url, response.headers["Location"])
                    response.close()
                    continue
                if response.status in _PASSING:
                    response.close()
                    raise _ForNow(_("The server answered %(status)d.", status=response.status))
                if response.status != 200:
                    response.close()
                    raise PictureUnavailable(_("The server answered %(status)d.", status=response.status))
                return _read(response, deadline)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _ForNow(f"The server did not answer ({type(error).__name__}).") from error
        raise PictureUnavailable(_("The address redirects too often."))

    def _ask(self, parts: SplitResult) -> urllib3.BaseHTTPResponse:
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = _resolve(host, port, is_trusted=f"{host}:{port}" in self._trusted)
        timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT_SECONDS, read=READ_TIMEOUT_SECONDS)
        if parts.scheme == "https":
            pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
                address,
                port,
                server_hostname=host,
                assert_hostname=host,
                ssl_context=ssl.create_default_context(),
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return pool.urlopen(
            "GET",
            target,
            headers={
                "Host": parts.netloc.rpartition("@")[2],
                "User-Agent": "catalog-import",
                "Accept": "image/*",
            },
            timeout=timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )


def _resolve(host: str, port: int, *, is_trusted: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PictureUnavailable(_("The name %(host)s is not known.", host=host)) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not is_trusted and not all(_is_public(address) for address in addresses):
        raise PictureAddressRefused(_("%(host)s is inside a private network.", host=host))
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(str(address.ipv4_mapped))
        if address.sixtofour is not None or address.teredo is not None or text.startswith("64:ff9b:"):
            return False  # an IPv4 address in disguise
    return address.is_global and not address.is_multicast


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.stream(65536):
        content += chunk
        if len(content) > MAX_PICTURE_BYTES:
            response.close()
            raise _too_large()
        if time.monotonic() > deadline:
            response.close()
            raise PictureUnavailable(_("The server is too slow."))
    return bytes(content)


def _too_large() -> PictureUnavailable:
    return PictureUnavailable(
        _("The picture is larger than %(size)d MB.", size=MAX_PICTURE_BYTES // 1_000_000)
    )
