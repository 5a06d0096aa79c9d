"""Make a shop's first pages, once; what a merchant edits is never touched again."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from storefront.cms.demo_blog import add_demo_blog, demo_newsletter
from storefront.cms.demo_pages import add_demo_pictures, demo_about_html, demo_body
from storefront.cms.first_pages import PageText, first_page_texts
from storefront.cms.models import Branding, ContentPage, HomePage
from storefront.markets.selectors.markets import enabled_markets, eu_market_codes

DEMO_PICTURES_DIR = Path(__file__).parent / "demo_pictures"
# The languages the first pages are written in, beside the site's own: those of our catalogues that shoppers read.
FIRST_PAGE_LANGUAGES = ("en", "de")
IF_SPOKEN = ("fr", "it", "es")  # only where a market speaks it that is open when the pages are made
ABOUT = 0  # the place of the About page among the first pages


@transaction.atomic
def create_first_pages(*, shop_name: str) -> HomePage:
    """Return the shop's home page, made with its content pages and their translations when the site has none yet.

    Wagtail's welcome page goes when nobody wrote under it. A second run changes nothing, even where pages
    were deleted since.
    """
    if home := _existing_home():
        return home
    return _create_pages(shop_name=shop_name, rewrite=lambda home, pages: None)


@transaction.atomic
def create_demo_pages(
    *, company: str = "", shop_name: str = "", pictures_dir: Path = DEMO_PICTURES_DIR
) -> HomePage:
    """Return the home page; when this call made it, filled with the demo brand's in every first language.

    Call it after the demo's catalogue is imported: the page leads to the top categories. `pictures_dir` holds
    hero.jpg and story.jpg.
    """
    if home := _existing_home():
        return home
    pictures = add_demo_pictures(pictures_dir)
    Branding.objects.create(company=company, ways_to_pay="Visa, Mastercard, American Express")

    def rewrite(home: HomePage, pages: list[ContentPage]) -> None:
        about = pages[ABOUT]
        about.body = [("rich_text", demo_about_html())]
        home.body = [*demo_body(pictures=pictures, about=about), ("newsletter", demo_newsletter())]

    home = _create_pages(shop_name=shop_name or settings.SHOP_NAME, rewrite=rewrite)
    with override(settings.LANGUAGE_CODE):
        add_demo_blog(home, pictures=pictures)
    return home


def _existing_home() -> HomePage | None:
    site = Site.objects.select_for_update().filter(is_default_site=True).first()
    return HomePage.objects.filter(pk=site.root_page_id).first() if site else None


def _create_pages(*, shop_name: str, rewrite: Callable[[HomePage, list[ContentPage]], None]) -> HomePage:
    """Make the pages in the site's language, then as translations; `rewrite` changes each language's unsaved pages."""
    with override(settings.LANGUAGE_CODE):
        home = Page.get_first_root_node().add_child(
            instance=HomePage(
                title=shop_name, slug="shop", locale=Locale.get_default(), body=_home_body(shop_name)
            )
        )
        pages = [_add_content_page(home, text) for text in first_page_texts(shop_name=escape(shop_name))]
        rewrite(home, pages)
        for page in (home, *pages):
            page.save()
    _lead_site_to(home, shop_name=shop_name)
    spoken = {language for market in enabled_markets() for language in market.languages}
    for language in (*FIRST_PAGE_LANGUAGES, *(each for each in IF_SPOKEN if each in spoken)):
        if language != settings.LANGUAGE_CODE:
            _translate(home, pages, language=language, shop_name=shop_name, rewrite=rewrite)
    return home


def _translate(
    home: HomePage,
    pages: list[ContentPage],
    *,
    language: str,
    shop_name: str,
    rewrite: Callable[[HomePage, list[ContentPage]], None],
) -> None:
    """Copy the pages into a language's own tree, linked to the originals, and write them in it."""
    locale, _is_new = Locale.objects.get_or_create(language_code=language)
    with override(language):
        translated_home = home.copy_for_translation(locale)
        translated_home.body = _home_body(shop_name)
        translated = [page.copy_for_translation(locale) for page in pages]
        for page, text in zip(translated, first_page_texts(shop_name=escape(shop_name)), strict=True):
            _write(page, text)
        rewrite(translated_home, translated)
        translated_home.refresh_from_db(fields=["numchild"])  # else saving it would hide its children
        for page in (translated_home, *translated):
            revision = page.save_revision()
            revision.publish()
            page.revisions.exclude(pk=revision.pk).delete()  # the copy as it was before its translation


def _home_body(shop_name: str) -> list[tuple[str, dict]]:
    return [
        (
            "hero",
            {
                "variant": "theme",
                "heading": shop_name,
                "text": _("Straight from the people who make it."),
                "button": {"text": _("See all products"), "path": "/products/"},
            },
        ),
        ("product_rail", {"heading": _("New in the shop"), "source": "newest", "limit": 8}),
    ]


def _add_content_page(home: HomePage, text: PageText) -> ContentPage:
    page = ContentPage(
        locale=home.locale,
        show_in_menus=True,
        awaits_review=text.awaits_review,
        legal_kind=text.legal_kind,
        only_in=eu_market_codes() if text.in_eu_only else [],
    )
    return home.add_child(instance=_write(page, text))


def _write(page: ContentPage, text: PageText) -> ContentPage:
    page.title, page.slug, page.intro = text.title, text.slug, text.intro
    page.draft_title = text.title
    page.body = [("rich_text", text.html)]
    return page


def _lead_site_to(home: HomePage, *, shop_name: str) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", site_name=shop_name, root_page=home, is_default_site=True)
        return
    welcome = site.root_page
    site.root_page, site.site_name = home, shop_name
    site.save()
    if welcome.specific_class is Page and welcome.is_leaf() and not welcome.latest_revision_id:
        welcome.delete()
