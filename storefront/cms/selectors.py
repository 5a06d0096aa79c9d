"""What pages, the footer and the back office's first steps read."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page, Site

from storefront.cms.remembered import menus_in_use
from storefront.compliance.selectors import languages_without_notice
from storefront.markets.editions import current_edition
from storefront.page_cache.parts import part
from storefront.page_cache.shown import LISTS, note, page_clock

HAS_PRODUCTS_SECONDS = FOOTER_SECONDS = 30


@dataclass(frozen=True)
class PageLink:
    """A link to a page, as a menu shows it."""

    title: str
    url: str
    slug: str
    kind: str = ""


@dataclass(frozen=True)
class FirstStep:
    """One thing to do before the shop opens; without `url` its text says how."""

    title: str
    text: str
    url: str
    is_done: bool


def has_products() -> bool:
    """Tell whether the catalogue holds a product that visitors may see; kept while a page is made."""
    products = get_model("catalogue", "Product").objects
    if page_clock() is None:
        return products.browsable().exists()
    has_some = part("cms.has_products", lambda: products.browsable().exists(), seconds=HAS_PRODUCTS_SECONDS)
    if not has_some:
        note(LISTS)
    return has_some


def footer_pages(*, request: HttpRequest) -> list[PageLink]:
    """Return the live pages in the menus of the visitor's market, in tree order, in their language if there is one.

    At most one query for each request; while pages are kept, the answer is kept too, until a page changes.
    """
    links = getattr(request, "_footer_pages", None)
    if links is None:
        links = request._footer_pages = _remembered_links() if settings.PAGE_CACHE else _links_to_menu_pages()
    return links


def _remembered_links() -> list[PageLink]:
    edition = current_edition()
    name = f"cms.footer.{edition.code if edition else ''}.{get_language()}.{get_script_prefix()}"
    return part(name, _links_to_menu_pages, seconds=FOOTER_SECONDS)


def _links_to_menu_pages() -> list[PageLink]:
    language = content_language(get_language() or settings.LANGUAGE_CODE)
    kinds = (apps.get_model("cms", "ContentPage"), apps.get_model("cms", "BlogPage"))
    pages = (
        Page.objects.type(*kinds)
        .live()
        .in_menu()
        .filter(locale__language_code__in={language, settings.LANGUAGE_CODE})
        .select_related("locale")
        .annotate(kind=F("contentpage__legal_kind"), only_in=F("contentpage__only_in"))
        .order_by("path")
    )
    edition = current_edition()
    market = edition.market.code if edition else ""
    by_text: dict[object, object] = {}
    for page in pages:
        if page.only_in and market not in page.only_in:
            continue
        if page.translation_key not in by_text or page.locale.language_code == language:
            by_text[page.translation_key] = page
    return [
        PageLink(title=page.title, url=page_path(page), slug=page.slug, kind=page.kind or "")
        for page in by_text.values()
    ]


def menu_links(place: str) -> list[PageLink]:
    """Return the entries of the most exact menu for the visitor's market, then language; none where none is made."""
    edition = current_edition()
    market = edition.market.code if edition else ""
    language = get_language() or settings.LANGUAGE_CODE
    fitting = [
        menu
        for menu in menus_in_use()
        if menu.place == place and menu.market_code in ("", market) and menu.language in ("", language)
    ]
    if not fitting:
        return []
    exact = max(fitting, key=lambda menu: (bool(menu.market_code), bool(menu.language)))
    prefix = get_script_prefix().rstrip("/")
    return [
        PageLink(
            title=text, url=f"{prefix}{path}" if path else reverse("wagtail_serve", args=[page]), slug=""
        )
        for text, page, path in exact.entries
    ]


def page_path(page) -> str:
    """Return the address of a page under the shop's one site, without asking the database for its root.

    Its path begins with the home page's own slug, which is no part of the address.
    """
    _, _home, *rest = page.url_path.split("/")
    return reverse("wagtail_serve", args=["/".join(rest)])


def content_language(language: str) -> str:
    """Return the language that pages are shown in to a visitor who reads `language`: en for en-gb."""
    try:
        return get_supported_content_language_variant(language)
    except LookupError:
        return settings.LANGUAGE_CODE


def home_page():
    """Return the default site's home page, or None before it is made."""
    site = Site.objects.filter(is_default_site=True).first()
    return apps.get_model("cms", "HomePage").objects.filter(pk=site.root_page_id).first() if site else None


def first_steps() -> list[FirstStep]:
    """Return what to do before the shop opens, each judged by the facts in the database and the settings."""
    home = home_page()
    unreviewed = apps.get_model("cms", "ContentPage").objects.filter(awaits_review=True).order_by("path")
    page = unreviewed.first()
    return [
        FirstStep(
            title=_("Import your Amazon files"),
            text=_(
                "Download the listings report from Seller Central and look at the plan before anything changes:"
                " manage.py import_amazon plan FILES --marketplace us"
            ),
            url=_import_address(),
            is_done=has_products(),
        ),
        FirstStep(
            title=_("Connect Stripe"),
            text=_(
                "Until then nobody can pay for real. Set STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY and"
                " STRIPE_WEBHOOK_SECRETS, and STRIPE_STANDIN=0, then start the shop again."
            ),
            url="https://dashboard.stripe.com/apikeys",
            is_done=bool(settings.STRIPE_SECRET_KEY and not settings.STRIPE_STANDIN),
        ),
        FirstStep(
            title=_("Edit your home page"),
            text=_("Your own words, pictures and products. Nothing is public before you publish it."),
            url=_edit_address(home),
            is_done=bool(home and home.live_revision_id),
        ),
        FirstStep(
            title=_("Have the legal pages reviewed"),
            text=_(
                "Privacy, terms and imprint are scaffolds. Complete them with counsel, then untick the notice."
            ),
            url=_edit_address(page),
            is_done=page is None,
        ),
        *_guarantee_step(),
    ]


def _guarantee_step() -> list[FirstStep]:
    """Return the step that markets in the EU owe, while they do."""
    missing = languages_without_notice()
    if not missing:
        return []
    return [
        FirstStep(
            title=_("Show the EU's notice of the legal guarantee"),
            text=_("Your markets in the EU owe it to shoppers before an order. Missing in: %(languages)s.")
            % {"languages": ", ".join(missing)},
            url=reverse("guarantee-notices:add"),
            is_done=False,
        )
    ]


def _edit_address(page) -> str:
    return (
        reverse("wagtailadmin_pages:edit", args=[page.pk]) if page else reverse("wagtailadmin_explore_root")
    )


def _import_address() -> str:
    """Return the back office's import page, or nothing where imports are run from the command line only."""
    try:
        return reverse("catalog_import:index")
    except NoReverseMatch:
        return ""
