"""An auditor in a real Chromium on a phone: forms arrive under the strict headers, files are saved, samples drawn."""

import pytest
from django.urls import reverse
from django.utils import timezone

from storefront.subsidies.models import AuditorFinding
from storefront.subsidies.services.auditors import invite_auditor
from tests.journeys.chromium import PHONE
from tests.subsidies.server import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def served(frozen):
    with serving() as address:
        yield address


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
