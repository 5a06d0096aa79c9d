"""An auditor in a real Chromium on a phone: forms arrive under the strict headers, files are saved, samples drawn."""

from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from django.urls import reverse
from django.utils import timezone

from storefront.subsidies.models import AuditorFinding
from storefront.subsidies.services.auditors import invite_auditor
from tests.journeys.chromium import PHONE

pytestmark = pytest.mark.browser


class _Server(ThreadingMixIn, WSGIServer):
    """Answers every request on the test's own connection to the database."""

    daemon_threads = True
    shared: Any = None

    def process_request_thread(self, request, client_address):
        connections["default"] = self.shared
        super().process_request_thread(request, client_address)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def served(frozen):
    """Serve the test's own transaction: tables that refuse deletions cannot be emptied after a committed one."""
    application = StaticFilesHandler(get_wsgi_application())
    connections["default"].inc_thread_sharing()
    for signal in (request_started, request_finished):  # an open transaction is no old connection
        signal.disconnect(close_old_connections)
    with make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet) as server:
        server.shared = connections["default"]
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    connections["default"].dec_thread_sharing()


def test_an_auditor_writes_checks_samples_and_saves(browser, served, frozen, people):
    link, key = invite_auditor(
        frozen=frozen, auditor="立信会计师事务所", days=14, by=people["owner"], now=timezone.now()
    )
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(f"{served}{reverse('subsidies_audit_enter', args=[link.pk])}?key={key}")
    assert key not in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.fill("textarea[name=text]", "请说明交付成果")
    page.click("#write button")
    page.wait_for_selector(".finding")
    page.click("main > form button")
    page.wait_for_selector(".good")

    page.goto(f"{served}{reverse('subsidies_audit', args=[link.pk, 'en'])}")
    with page.expect_download() as download:
        page.locator("#evidence a").first.click()
    assert download.value.suggested_filename.startswith("E-")
    page.locator("#figures a").first.click()
    page.click("form.sample button")
    page.wait_for_selector("text=of 2 rows")

    assert AuditorFinding.objects.get().text == "请说明交付成果"
