"""Putting things in the basket as a browser does: the product's page, its form, the basket."""

import http.client
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

_FORM = re.compile(r'action="([^"]*/basket/add/\d+/)"(.*?)</form>', re.DOTALL)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Flows:
    """Milliseconds of each add, how many flows a second, and what went wrong."""

    adds: list[float] = field(default_factory=list)
    failures: int = 0
    rate: float = 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.adds) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def fill_baskets(*, port: int, paths: Sequence[str], shoppers: int, times: int) -> Flows:
    """Run so many flows by so many shoppers at once, each with a basket of its own."""
    flows, numbers, lock = Flows(), iter(range(times)), threading.Lock()
    threads = [
        threading.Thread(target=_shop, args=(port, paths, numbers, lock, flows))
        for _number in range(shoppers)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flows.rate = times / (time.perf_counter() - began)
    return flows


def _shop(port: int, paths: Sequence[str], numbers: Iterator[int], lock, flows: Flows) -> None:
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        try:
            _flow(port, paths[number % len(paths)], flows)
        except (OSError, http.client.HTTPException):
            flows.failures += 1


def _flow(port: int, path: str, flows: Flows) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    jar: dict[str, str] = {}
    _status, page = _ask(connection, jar, "GET", path)
    form = _FORM.search(page)
    if form is None:
        raise http.client.HTTPException(f"{path} has no form to buy with")
    fields = {"quantity": "1"}
    if token := _TOKEN.search(form[2]):
        fields["csrfmiddlewaretoken"] = token[1]
    if child := re.search(r'name="child_id".*?<option value="(\d+)"', form[2], re.DOTALL):
        fields["child_id"] = child[1]
    began = time.perf_counter()
    status, _page = _ask(connection, jar, "POST", unescape(form[1]), urlencode(fields), port=port)
    flows.adds.append((time.perf_counter() - began) * 1000)
    if status != 302 or not {"oscar_open_basket", "basket"} & set(jar):
        flows.failures += 1
    connection.close()


def _ask(connection, jar, method, path, body=None, *, port=0):
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    if body is not None:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
            "Sec-Fetch-Site": "same-origin",
        }
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie":
            key, _equals, rest = value.partition("=")
            jar[key] = rest.partition(";")[0]
    return answer.status, page
