"""A shop's process that sells one thing and is killed with SIGKILL at a moment of the test's choosing.

    python -m tests.payments.killed_shop PRODUCT MOMENT

A moment is the time just before a statement of SQL, or just before or just after a request to Stripe, counted from when
the shopper presses the button. Where money is only reserved, the order is also shipped.
Prints how many there were when it outlives them all.
"""

import os
import signal
import sys

import django


def main() -> None:
    product_id, moment = int(sys.argv[1]), int(sys.argv[2])
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment
    from oscar.core.loading import get_class, get_model

    from tests.payments.shopper import Shopper

    setup_test_environment()
    settings.STRIPE_API_BASE = os.environ["STRIPE_STANDIN_URL"]
    settings.STRIPE_RETRIES = 0
    shopper = Shopper()
    shopper.add(get_model("catalogue", "Product").objects.get(pk=product_id))
    form = shopper.form()
    clock = _Clock(moment)
    _tick_at_requests(clock)
    with connection.execute_wrapper(clock.statement):
        order = _order(shopper, form)
        order.pay()
        shopper.come_back(order)
        if order.payment.is_authorised:
            get_class("order.processing", "EventHandler")().handle_order_status_change(
                order.payment.order, "Shipped"
            )
    print(clock.ticks)


def _order(shopper, form):
    from tests.payments.shopper import Order

    answer = shopper.send(form)
    assert answer.status_code == 200, answer.content
    return Order(shopper, answer.json())


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
