"""A person at a browser, over plain HTTP: follows links, sends forms, pays at the stand-in for Stripe."""

import re
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup

TIMEOUT_SECONDS = 30
ADDRESS = {
    "country": "US",
    "first_name": "Ada",
    "last_name": "Lind",
    "line1": "12 Harbor Street",
    "postcode": "97201",
    "line4": "Portland",
    "state": "OR",
}


class Visitor:
    """One visit with its cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers.update({"Origin": url, "Referer": f"{url}/"})

    def fetch(self, address: str) -> requests.Response:
        """Return an answer of 200, or fail with the address."""
        answer = self._session.get(urljoin(self.url, address), timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        return answer

    def open(self, address: str) -> BeautifulSoup:
        """Return a page."""
        return BeautifulSoup(self.fetch(address).text, "html.parser")

    def send(self, address: str, data: dict[str, str], **headers: str) -> requests.Response:
        """Post a form to the shop, with the token that guards its forms."""
        token = self._session.cookies.get("csrftoken", "")
        return self._post(address, {"csrfmiddlewaretoken": token, **data}, **headers)

    def _post(self, address: str, data: dict[str, str], **headers: str) -> requests.Response:
        return self._session.post(
            urljoin(self.url, address), data, headers=headers or None, timeout=TIMEOUT_SECONDS
        )

    def put_something_in_the_basket(self) -> str:
        """Add the first product in stock that the list shows; return its title."""
        for card in self.open("/products/").select("main .card a[href], main a.card[href]"):
            page = self.open(card["href"])
            form = page.select_one("form[action*='/basket/add/']:has([data-buy])")
            if form:
                assert self.send(form["action"], {"quantity": "1"}).status_code == 200
                return " ".join(page.h1.get_text().split())
        raise AssertionError("Nothing on the first page of products can be bought.")

    def check_out(self) -> dict[str, str]:
        """Place the order as the page's script does; return what it is told, with the page's publishable key."""
        page = self.open("/checkout/")
        data = {f"shipping-{name}": value for name, value in ADDRESS.items()}
        data |= {"email": "ada@example.test", "billing_same": "on"}
        data["basket_key"] = page.select_one("[name=basket_key]")["value"]
        data["method"] = page.select_one("[name=method]")["value"]
        answer = self.send("/checkout/place-order/", data, Accept="application/json")
        assert answer.status_code == 200, answer.text[:2000]
        return {**answer.json(), "key": page.select_one("#payment-element")["data-publishable-key"]}

    def confirm_payment(self, placed: dict[str, str]) -> dict:
        """Confirm with the test card that works, as the card form does; return the payment intent."""
        intent = placed["client_secret"].partition("_secret_")[0]
        answer = self._post(
            f"/_stripe/v1/payment_intents/{intent}/confirm",
            {
                "key": placed["key"],
                "client_secret": placed["client_secret"],
                "payment_method": "pm_card_visa",
                "return_url": placed["return_url"],
            },
        )
        assert answer.status_code == 200, answer.text[:2000]
        return answer.json()

    def sign_in_to_the_back_office(self, *, email: str, password: str) -> None:
        """Open the back office."""
        self.open("/admin/login/")
        answer = self.send("/admin/login/", {"username": email, "password": password, "next": "/admin/"})
        assert answer.url == f"{self.url}/admin/", "signing in to the back office failed"

    def upload_export(self, name: str, content: bytes) -> str:
        """Send a file to the importer as its page does; return the address of the import."""
        page = self.open("/admin/imports/new/")
        data = {
            "csrfmiddlewaretoken": page.select_one("[name=csrfmiddlewaretoken]")["value"],
            "marketplace": "uk",  # a whole report of the demo's own marketplaces would take the demo off sale
        }
        answer = self._session.post(
            urljoin(self.url, "/admin/imports/new/"),
            data,
            files={"files": (name, content)},
            timeout=TIMEOUT_SECONDS,
        )
        assert "/admin/imports/" in answer.url and answer.status_code == 200, answer.text[:2000]
        return answer.url

    def paid_orders(self) -> dict[str, bool]:
        """Return the numbers on the back office's list of orders, and whether each is paid."""
        rows = [
            [cell.get_text(" ", strip=True) for cell in row.select("td")]
            for row in self.open("/admin/shop/orders/").select("tr")
        ]
        return {cell: "Paid" in row for row in rows for cell in row if re.fullmatch(r"[A-Z]+-\d{6}", cell)}


def picture_addresses(page: BeautifulSoup) -> list[str]:
    """Return the addresses of a page's pictures, every size of each."""
    found = []
    for picture in page.select("main img, main source"):
        sizes = [size.split()[0] for size in picture.get("srcset", "").split(",") if size.strip()]
        found += [*sizes, *([picture["src"]] if picture.get("src") else [])]
    return [address for address in dict.fromkeys(found) if not address.startswith("data:")]
