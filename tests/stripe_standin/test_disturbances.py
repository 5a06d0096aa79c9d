"""Idempotency keys, ordered faults, restarts, and the control endpoints."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest
import stripe

from tests.servers.stripe import StripeStandIn
from tests.servers.stripe.keys import LiveKeyError

from .conftest import RETURN_URL, connect

ROOT = pathlib.Path(__file__).parents[2]
INTENT = {"amount": 1099, "currency": "eur"}


def create(client: stripe.StripeClient, key: str | None = None, **params: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create({**INTENT, **params}, {"idempotency_key": key} if key else {})


def count(client: stripe.StripeClient) -> int:
    return len(client.v1.payment_intents.list({"limit": 100}).data)


def test_the_same_key_gets_the_first_answer(client) -> None:
    first, second = create(client, "order-7"), create(client, "order-7")
    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


def test_the_same_key_with_other_parameters_is_refused(client) -> None:
    create(client, "order-7")
    with pytest.raises(stripe.IdempotencyError):
        create(client, "order-7", amount=2000)
    intent = create(client, "order-8")
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.cancel(intent.id, {}, {"idempotency_key": "order-7"})
    assert count(client) == 2


def test_a_decline_is_kept_for_its_key(client, standin) -> None:
    intent = create(client)
    params = {"payment_method": "pm_card_chargeDeclined", "return_url": RETURN_URL}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": "try-1"})
    assert len(standin.events("payment_intent.payment_failed")) == 1


def test_refused_parameters_are_not_kept_for_the_key(client) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(client, "order-7", amount=1)
    assert create(client, "order-7").amount == 1099


def test_a_500_is_kept_for_its_key(standin, client) -> None:
    standin.fail_next("error_500", path="/v1/payment_intents")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            create(client, "order-7")
    assert count(client) == 0
    assert create(client, "order-7-again").amount == 1099


def test_a_500_after_the_work_leaves_an_intent_to_be_found_by_listing(standin, client) -> None:
    standin.fail_next("error_500_after", path="/v1/payment_intents", method="POST")
    with pytest.raises(stripe.APIError):
        create(client, "order-7", metadata={"order": "7"})
    assert [intent.metadata["order"] for intent in client.v1.payment_intents.list().data] == ["7"]


def test_a_lost_answer_is_sent_again_to_the_client_which_retries(standin) -> None:
    client = connect(standin, retries=2)
    standin.fail_next("lose_answer", path="/v1/payment_intents")
    intent = create(client)
    assert [i.id for i in client.v1.payment_intents.list().data] == [intent.id]
    assert [r["fault"] for r in standin.requests("/v1/payment_intents")][:2] == ["lose_answer", None]


def test_a_dropped_connection_does_nothing(standin, client) -> None:
    standin.fail_next("drop")
    with pytest.raises(stripe.APIConnectionError):
        create(client, "order-7")
    assert count(client) == 0


def test_429_is_a_rate_limit_and_not_kept(standin, client) -> None:
    standin.fail_next("error_429", times=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            create(client, "order-7")
    assert create(client, "order-7").amount == 1099


def test_a_timeout_does_the_work_and_withholds_the_answer(standin, client) -> None:
    impatient = stripe.StripeClient(
        "sk_test_shop",
        base_addresses={"api": standin.base_url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=0.2),
    )
    standin.fail_next("timeout", path="/v1/payment_intents", seconds=1)
    with pytest.raises(stripe.APIConnectionError):
        create(impatient, "order-7")
    assert count(client) == 1
    assert create(client, "order-7").id == client.v1.payment_intents.list().data[0].id


def test_parallel_requests_with_one_key_make_one_intent(standin) -> None:
    answers: list[object] = []

    def run() -> None:
        try:
            answers.append(create(connect(standin, retries=2), "order-7").id)
        except stripe.StripeError as error:
            answers.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert count(connect(standin)) == 1


def test_a_cancel_and_a_confirm_at_once_leave_one_winner(standin, client) -> None:
    for _ in range(5):
        intent = create(client)
        params = {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
        acts = [("confirm", params), ("cancel", {})]
        lost: list[str] = []

        def run(act: str, params: dict, intent_id: str = intent.id, lost: list[str] = lost) -> None:
            try:
                getattr(connect(standin).v1.payment_intents, act)(intent_id, params)
            except stripe.InvalidRequestError as error:
                lost.append(error.code)

        threads = [threading.Thread(target=run, args=act) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = client.v1.payment_intents.retrieve(intent.id)
        assert lost == ["payment_intent_unexpected_state"]
        assert (after.status, after.amount_received) in [("succeeded", 1099), ("canceled", 0)]


def test_a_restart_keeps_intents_keys_and_undelivered_webhooks(tmp_path, inbox) -> None:
    state = str(tmp_path / "stripe.sqlite3")
    with StripeStandIn(state=state, webhook_url=inbox.url, webhook_mode="manual") as standin:
        intent = create(connect(standin), "order-7")
    with StripeStandIn(state=state, webhook_url=inbox.url, webhook_mode="manual") as standin:
        client = connect(standin)
        assert client.v1.payment_intents.retrieve(intent.id).client_secret == intent.client_secret
        assert create(client, "order-7").id == intent.id
        assert list(standin.deliver_all().values()) == [200]


def test_a_client_notices_a_restart_on_the_same_port() -> None:
    with StripeStandIn() as first:
        client = connect(first, retries=1)
        intent = create(client)
        port = int(first.netloc.rpartition(":")[2])
    with StripeStandIn(port=port), pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        client.v1.payment_intents.retrieve(intent.id)


def test_the_program_starts_stops_and_outlives_a_kill(tmp_path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.servers.stripe",
        "--port",
        "0",
        "--state",
        str(tmp_path / "s.sqlite3"),
    ]

    def start() -> tuple[subprocess.Popen, str]:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        return process, process.stdout.readline().split()[4]

    process, url = start()
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": url})
    intent = create(client)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process, url = start()
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": url})
    assert client.v1.payment_intents.retrieve(intent.id).id == intent.id
    process.terminate()
    assert process.wait(timeout=5) == 0
    process.stdout.close()


def test_live_keys_are_refused_at_the_start() -> None:
    with pytest.raises(LiveKeyError):
        StripeStandIn(secret_key="sk_live_" + "abc")
    command = [
        sys.executable,
        "-m",
        "tests.servers.stripe",
        "--port",
        "0",
        "--secret-key",
        "sk_live_" + "abc",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 2
    assert "live" in done.stderr


def control(standin: StripeStandIn, method: str, path: str, values: object = None, **headers: str) -> object:
    body = json.dumps(values or {}).encode() if method != "GET" else None
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{standin.base_url}/_standin/{path}", body, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_control_endpoints_order_faults_deliver_again_and_reset(standin, client, inbox) -> None:
    control(standin, "POST", "faults", {"kind": "error_500", "path": "/v1/payment_intents"})
    with pytest.raises(stripe.APIError):
        create(client)
    create(client)
    event_id = control(standin, "GET", "deliveries")[0]["event"]
    assert control(standin, "POST", f"deliveries/{event_id}/deliver", {"times": 2}) == [200, 200]
    assert len(inbox.events()) == 2
    assert [r["status"] for r in control(standin, "GET", "requests")] == [500, 200]
    control(standin, "POST", "reset")
    assert count(client) == 0


def test_control_endpoints_refuse_other_machines_and_other_sites(standin, client) -> None:
    create(client)
    for headers in ({"X-Forwarded-For": "203.0.113.9"}, {"Content-Type": "text/plain"}):
        with pytest.raises(urllib.error.HTTPError) as caught:
            control(standin, "POST", "reset", **headers)
        assert caught.value.code in (403, 415)
    assert count(client) == 1


def test_browsers_of_other_sites_may_call_the_api(standin) -> None:
    request = urllib.request.Request(f"{standin.base_url}/v1/payment_methods", method="OPTIONS")
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_latency_is_added_to_each_answer(standin, client) -> None:
    control(standin, "POST", "settings", {"latency_seconds": 0.1})
    began = time.monotonic()
    client.v1.payment_intents.list()
    assert time.monotonic() - began >= 0.1
