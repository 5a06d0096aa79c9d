"""Find and start a real Chromium, the same for journeys and screenshots."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
PICTURES = Path(__file__).resolve().parents[2] / "var" / "journeys"
expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str:
    """Return the path of a Chromium or Chrome on this machine."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    raise RuntimeError(
        "No Chromium found. Install it (Debian: apt install chromium) or set CHROMIUM to its path."
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def keep_picture(page: Page, name: str) -> None:
    """Write a picture of the whole page to var/journeys."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def describe_open_pages(browser: Browser, name: str) -> str:
    """Return address, title and text of every open page; close them, so that no later test is told of them."""
    folder = Path("var/failures")
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for context in browser.contexts:
        for page in context.pages:
            picture = folder / f"{name}-{len(told) + 1}.png".replace("/", "-")
            try:
                page.screenshot(path=picture, timeout=5_000)
                text = page.evaluate("document.body.innerText")
                told.append(f"{page.url}  {page.title()}  ({picture})\n{text[:4_000]}")
            except Error as error:
                told.append(f"{page.url} answers no more: {error}")
        context.close()
    return "\n\n".join(told) or "none"
