"""What axe-core and a narrow window say of a page: violations and what sticks out sideways."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.chromium import DESKTOP, PHONE, keep_picture

AXE = Path(__file__).resolve().parents[1] / "data" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
SETTLED = """async () => {
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const arrived = link => link.sheet || link.disabled;
  const isThere = () => document.readyState !== 'loading'
    && [...document.querySelectorAll('link[rel=stylesheet]')].every(arrived);
  while (!isThere()) await frames();
  const since = performance.now();
  do await frames();
  while (document.getAnimations().some(animation => animation.playState === 'running')
    && performance.now() - since < 2000);
}"""  # words are found before their style sheet is there, and transitions take up to a second: measure nothing half way
CUT_OFF = """() => {
  const unseen = element => element.closest('.vh, [aria-hidden=true]')
    || !element.checkVisibility({visibilityProperty: true});
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.trim() || unseen(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const {left, right} = range.getBoundingClientRect();
    for (let box = text.parentElement; box !== document.body; box = box.parentElement) {
      const {overflowX, clipPath} = getComputedStyle(box);
      if (['auto', 'scroll'].includes(overflowX) || clipPath !== 'none') break; // clipped whole: for screen readers
      const edges = box.getBoundingClientRect();
      if (['hidden', 'clip'].includes(overflowX) && (right > edges.right + 1 || left < edges.left - 1)) {
        found.push(text.data.trim().slice(0, 60));
        break;
      }
    }
  }
  return found;
}"""  # words that a box hides at its sides, where nothing scrolls to them
ZOOMED = {"width": 640, "height": 450}  # a window of 1280 x 900 at 200 %
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10: the same at 400 %


def find_violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """Return what axe-core finds on a page by the rules or tags named: the rule, where, and what it says."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(SETTLED)
    found = page.evaluate(
        """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})
          .then(answer => answer.violations)""",
        rules,
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]


def sticks_out(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    page.evaluate(SETTLED)
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def fits(page: Page, picture: str) -> bool:
    """Return whether a page fits phone and desk, and keep a picture of both in var/journeys."""
    before, fitting = page.viewport_size, True
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        fitting &= sticks_out(page) <= 0
        keep_picture(page, f"{picture}-{size['width']}")
    page.set_viewport_size(before)
    return fitting


def cut_off(page: Page) -> list[str]:
    """Return the words that are cut off at the side of a box."""
    return page.evaluate(CUT_OFF)


def look(page: Page) -> Iterator[str]:
    """Yield what is wrong with the page shown, in every size and colour scheme."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for scheme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            yield from (f"{size['width']} {scheme} {violation}" for violation in find_violations(page, rules))
    for size in (PHONE, ZOOMED, NARROW):
        page.set_viewport_size(size)
        if (wider := sticks_out(page)) > 0:
            yield f"{wider} px wider than the window of {size['width']}"
        yield from (f"{size['width']} cut off: {words}" for words in cut_off(page))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(DESKTOP)
