"""The shop as docker-compose.yml runs it: what a visitor gets through Caddy, what lasts, what is shut."""

import pytest
import requests

from tests.compose.stack import wait_for
from tests.compose.visitor import Visitor, picture_addresses

pytestmark = pytest.mark.compose
LONG_RUNNING = ("web", "worker", "scheduler", "db", "redis", "caddy", "standin")
OURS = ("web", "worker", "scheduler", "standin")


def test_home_page_shows_products(stack):
    assert Visitor(stack.url).open("/").select("main .card")


def test_category_page_and_its_pictures_load(stack):
    visitor = Visitor(stack.url)
    category = visitor.open("/").select_one("main a[href*='/products/category/']")["href"]
    pictures = picture_addresses(visitor.open(category))
    assert pictures
    for address in pictures:
        answer = visitor.fetch(address)
        assert answer.headers["Content-Type"].startswith("image/")
        assert answer.headers["Cache-Control"] == "public, max-age=2592000"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_style_sheet_is_compressed_and_kept_for_ever(stack):
    visitor = Visitor(stack.url)
    answer = visitor.fetch(visitor.open("/").select_one("link[rel=stylesheet]")["href"])
    assert answer.headers["Content-Encoding"] in ("br", "gzip", "zstd")
    assert "immutable" in answer.headers["Cache-Control"]


def test_webhook_makes_the_order_paid_though_nobody_came_back(paid_order, staff):
    assert staff.paid_orders() == {paid_order: True}


def test_returning_shopper_sees_the_order_paid(purchase, paid_order):
    placed = purchase.placed
    intent = placed["client_secret"].partition("_secret_")[0]
    back = f"&payment_intent={intent}&payment_intent_client_secret={placed['client_secret']}"
    page = purchase.shopper.open(placed["return_url"] + back)
    assert f"Order {paid_order} is paid." in page.get_text()


def test_confirmation_mail_is_sent_by_the_worker(stack, paid_order):
    def is_sent():
        mail = stack.in_container("worker", "sh", "-c", "cat /srv/outbox/* 2>/dev/null; true")
        return paid_order in mail and "ada@example.test" in mail

    wait_for(is_sent, seconds=30, what=f"the confirmation of order {paid_order}")


def test_every_service_is_healthy(stack):
    def are_healthy():
        return all(stack.inspect(name, "{{.State.Health.Status}}") == "healthy" for name in LONG_RUNNING)

    wait_for(are_healthy, seconds=90, what=f"{', '.join(LONG_RUNNING)} to be healthy")


def test_an_export_uploaded_to_web_is_imported_by_the_worker(stack, staff):
    header = "item-name\tseller-sku\tprice\tquantity\tfulfillment-channel\tstatus"
    rows = f"{header}\nGarden stool\tSTOOL-1\t19.99\t5\tDEFAULT\tActive\n"
    address = staff.upload_export("report.txt", rows.encode())
    wait_for(lambda: staff.open(address).select("form[action$='/apply/']"), seconds=60, what="the plan")
    assert staff.send(f"{address}apply/", {}).status_code == 200
    wait_for(lambda: stack.answers("/s/STOOL-1"), seconds=60, what="the product")


def test_evidence_made_by_setup_is_read_by_every_service(stack):
    for service in ("web", "worker", "scheduler"):
        assert "all as written" in stack.in_container(service, "python", "manage.py", "verify_evidence")


def test_scheduler_has_looked_at_open_payments(stack):
    assert "reconcile_payments: done in" in stack.logs_of("scheduler")


@pytest.mark.parametrize("service", OURS)
def test_our_services_are_not_root_and_cannot_change_the_shop(stack, service):
    assert stack.in_container(service, "id", "-u") == "10001"
    refused = stack.compose("exec", "-T", service, "touch", "/srv/shop/changed", check=False)
    assert "Read-only file system" in refused


@pytest.mark.parametrize("service", LONG_RUNNING)
def test_no_service_may_gain_rights(stack, service):
    assert "no-new-privileges" in stack.inspect(service, "{{.HostConfig.SecurityOpt}}")
    assert stack.inspect(service, "{{.HostConfig.CapDrop}}") == "[ALL]"


@pytest.mark.parametrize("service", ["web", "worker", "scheduler", "db", "redis", "standin"])
def test_only_caddy_is_reached_from_outside(stack, service):
    assert "HostPort" not in stack.inspect(service, "{{json .NetworkSettings.Ports}}")


def test_secrets_are_readable_by_the_shop_alone(stack):
    assert stack.in_container("web", "sh", "-c", "stat -c '%a %U' /srv/secrets/secret_key") == "400 shop"


@pytest.mark.parametrize(
    "path", ["/healthz/", "/media/documents/any.pdf", "/media/", "/_stripe/_standin/requests"]
)
def test_what_is_not_for_visitors_is_shut(stack, path):
    assert requests.get(f"{stack.url}{path}", timeout=30).status_code in (403, 404)


def test_a_form_too_large_is_refused(stack):
    answer = requests.post(f"{stack.url}/basket/add/1/", data=b"x" * 3_000_000, timeout=30)
    assert answer.status_code in (413, 503)  # Caddy before 2.7 takes it for a fault of the web service


def test_restart_keeps_the_order_the_basket_and_the_pictures(stack, purchase, staff, paid_order):
    picture = picture_addresses(purchase.shopper.open("/products/"))[0]
    stack.compose("restart")
    stack.wait_until_open()
    assert staff.paid_orders() == {paid_order: True}
    assert purchase.title_in_basket.split(",")[0] in purchase.shopper.open("/basket/").get_text()
    assert purchase.shopper.fetch(picture).headers["Content-Type"].startswith("image/")


def test_setup_run_again_changes_nothing(stack, staff, paid_order):
    again = stack.compose("run", "--rm", "setup")
    assert "Database: up to date." in again
    assert staff.paid_orders() == {paid_order: True}


def test_without_the_demo_the_stand_in_is_left_out(stack, purchase):
    """The last test: the stack is not the demo any more."""
    keys = {"STRIPE_SECRET_KEY": "sk_test_any", "STRIPE_PUBLISHABLE_KEY": "pk_test_any"}
    stack.compose("up", "-d", DEMO="0", STRIPE_WEBHOOK_SECRETS="whsec_any", **keys)
    stack.wait_until_open()
    assert stack.inspect("standin", "{{.State.Status}}") == ""
    assert requests.get(f"{stack.url}/_stripe/v3/", timeout=30).status_code == 404
    checkout = purchase.shopper.open("/checkout/")
    assert "no money moves" not in checkout.get_text()
    assert checkout.select_one("script[src^='https://js.stripe.com/']")
