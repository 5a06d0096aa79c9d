"""A shop whose every sale runs in a process of its own, killed with SIGKILL at a moment of the test's choosing.

    python -m tests.payments.killed_shop

reads a line of JSON per sale, `{"product": 1, "moment": 17, "customer": "anna@example.test"}`, and answers with one:
`{"moments": 70}` for a process that outlived them all, `{"killed": true}`, or what went wrong. Each process is forked
from one in which Django is loaded and nothing is connected.

A moment is the time just before a statement of SQL, or just before or just after a request to Stripe, counted from when
the shopper presses the button. Where money is only reserved, the order is also shipped; where it is paid on Stripe's
page, the shopper goes there. A customer's first card is kept, and pays a second order.
"""

import json
import os
import signal
import sys
import traceback
from typing import Any

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.test.utils import setup_test_environment
    from django.urls import resolve

    setup_test_environment()
    settings.STRIPE_API_BASE = os.environ["STRIPE_STANDIN_URL"]
    settings.STRIPE_RETRIES = 0
    resolve("/checkout/")
    for line in sys.stdin:
        connections.close_all()
        print(json.dumps(_in_a_process(json.loads(line))), flush=True)


def _in_a_process(sale: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps({"moments": _sell(**sale)}).encode())
        except BaseException:
            os.write(writing, json.dumps({"error": traceback.format_exc()}).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return {"killed": True}
    return json.loads(said)


def _sell(*, product: int, moment: int, customer: str) -> int:
    """Sell one thing, two to a signed-in customer, and return how many moments that had."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from oscar.core.loading import get_model

    from storefront.payments import selectors
    from tests.payments.shopper import Shopper

    shopper, tick = Shopper(), {}
    if customer:
        user = get_user_model().objects.create_user(customer, "a long pass phrase")
        shopper.client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
        tick = {"save_card": "yes"}
    thing = get_model("catalogue", "Product").objects.get(pk=product)
    shopper.add(thing)
    form = shopper.form(**tick)
    clock = _Clock(moment)
    _tick_at_requests(clock)
    with connection.execute_wrapper(clock.statement):
        _buy(shopper, form, card="pm_card_visa")
        if customer:
            shopper.add(thing)
            _buy(shopper, shopper.form(), card=selectors.saved_cards(user)[0].id)
    return clock.ticks


def _buy(shopper: Any, form: dict[str, str], *, card: str) -> None:
    from oscar.core.loading import get_class

    from tests.payments.shopper import HostedOrder, Order

    answer = shopper.send(form)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    if "redirect" in told:
        hosted = HostedOrder(shopper, told["redirect"])
        hosted.come_back(_pay_there(hosted.open()["Location"]))
        assert hosted.payment.is_paid
        return
    order = Order(shopper, told)
    order.pay(card)
    shopper.come_back(order)
    if order.payment.is_authorised:
        get_class("order.processing", "EventHandler")().handle_order_status_change(
            order.payment.order, "Shipped"
        )


def _pay_there(page: str) -> str:
    """Pay on Stripe's page as a browser does; return where it leads back to."""
    import requests

    paid = requests.post(page, {"number": "4242424242424242"}, timeout=10, allow_redirects=False)
    assert paid.status_code == 303, paid.text
    return paid.headers["Location"]


class _Clock:
    def __init__(self, last: int) -> None:
        self.ticks, self._last = 0, last

    def tick(self) -> None:
        if self.ticks == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        self.ticks += 1

    def statement(self, execute, sql, params, many, context):
        self.tick()
        return execute(sql, params, many, context)


def _tick_at_requests(clock: _Clock) -> None:
    import requests

    send = requests.Session.send

    def counted(self, *args, **kwargs):
        clock.tick()
        answer = send(self, *args, **kwargs)
        clock.tick()
        return answer

    requests.Session.send = counted


if __name__ == "__main__":
    main()
