"""One running stack for all its tests; it takes minutes to stand up."""

import os
import re
from dataclasses import dataclass

import pytest

from tests.compose.stack import Stack, find_compose, wait_for
from tests.compose.visitor import Visitor


@pytest.fixture(scope="session")
def stack(request):
    """Build the image, start every service, yield the stack, remove it. On a failure its logs are printed."""
    compose = find_compose()
    if compose is None:
        reason = "No Docker engine with Compose answers: start Docker and try again (docs/how-to/deploy.md)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    stack = Stack(compose)
    failed_before = request.session.testsfailed
    try:
        stack.compose("build")
        stack.compose("up", "-d")
        stack.wait_until_open()
        yield stack
    except BaseException:
        failed_before = -1
        raise
    finally:
        if request.session.testsfailed != failed_before:
            print(stack.logs())
        stack.down()


@pytest.fixture(scope="session")
def staff(stack):
    """Sign in with the account that setup printed."""
    printed = re.search(r"e-mail (\S+)[\s\S]*?Password: (\S+)", stack.logs_of("setup"))
    assert printed, stack.logs_of("setup")
    visitor = Visitor(stack.url)
    visitor.sign_in_to_the_back_office(email=printed[1], password=printed[2])
    return visitor


@dataclass(frozen=True)
class Purchase:
    """Someone who has paid for one thing and put another in the basket."""

    shopper: Visitor
    placed: dict[str, str]
    title_in_basket: str


@pytest.fixture(scope="session")
def purchase(stack):
    """Buy something, and do not come back from paying."""
    shopper = Visitor(stack.url)
    shopper.put_something_in_the_basket()
    placed = shopper.check_out()
    assert shopper.confirm_payment(placed)["status"] == "succeeded"
    return Purchase(shopper, placed, shopper.put_something_in_the_basket())


@pytest.fixture(scope="session")
def paid_order(purchase, staff):
    """Return the number of the order once the back office shows it as paid: only the webhook can have said so."""
    wait_for(lambda: True in staff.paid_orders().values(), seconds=30, what="the order to be paid")
    (number,) = staff.paid_orders()
    return number
