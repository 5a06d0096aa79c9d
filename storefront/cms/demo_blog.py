"""The blog of the demo brand: one article, in each of the shop's first languages."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from oscar.core.loading import get_model
from wagtail.models import Locale

from storefront.cms.blog import ArticlePage, BlogPage
from storefront.cms.demo_pages import DemoPictures, describe_picture
from storefront.cms.models import HomePage

WRITTEN_ON = date(2026, 11, 2)


def add_demo_blog(home: HomePage, *, pictures: DemoPictures) -> BlogPage:
    """Add the blog under a home page and, as their translations, under each translation of it."""
    blog = home.add_child(instance=_write_blog(BlogPage(locale=home.locale, show_in_menus=True)))
    article = blog.add_child(instance=_write_article(ArticlePage(locale=home.locale), pictures))
    for translated_home in home.get_translations():
        locale: Locale = translated_home.locale
        with override(locale.language_code):
            _publish(_write_blog(blog.copy_for_translation(locale)))
            _publish(_write_article(article.copy_for_translation(locale), pictures))
    return blog


def _publish(page: BlogPage | ArticlePage) -> None:
    page.refresh_from_db(fields=["numchild"])
    page.save_revision().publish()


def _write_blog(blog: BlogPage) -> BlogPage:
    blog.title = blog.draft_title = _("Workshop notes")
    blog.slug = pgettext("address of a page", "workshop-notes")
    blog.intro = _("How our things are made, and how to keep them going.")
    return blog


def _write_article(article: ArticlePage, pictures: DemoPictures) -> ArticlePage:
    article.title = article.draft_title = _("How to make a trowel last twenty years")
    article.slug = pgettext("address of a page", "a-trowel-for-twenty-years")
    article.intro = _("Ten minutes in autumn are enough: clean, dry, sharpen, oil.")
    article.author = "Fernowick"
    article.published_on = WRITTEN_ON
    article.picture = pictures.story
    article.body = [
        ("rich_text", _first_half()),
        ("product_rail", _rail()),
        (
            "story",
            {
                "heading": _("Sharpen what cuts"),
                "text": "<p>{}</p>".format(
                    _("A flat file, four strokes along the edge, always away from you.")
                ),
                "picture": describe_picture(
                    pictures.story, _("A trowel, a fork, secateurs and a tin of jute twine")
                ),
                "side": "right",
            },
        ),
        (
            "faq",
            {
                "heading": _("What people ask"),
                "questions": [
                    {
                        "question": _("Which oil should I use?"),
                        "answer": "<p>{}</p>".format(
                            _("Linseed oil for the wood and the blade. Hang the rags up to dry outdoors.")
                        ),
                    }
                ],
            },
        ),
        ("newsletter", demo_newsletter()),
    ]
    return article


def demo_newsletter() -> dict[str, str]:
    """Return the newsletter block of the demo in the active language."""
    return {
        "heading": _("Notes from the workshop"),
        "text": _("A letter now and then: new things, and how to care for the old ones."),
    }


def _first_half() -> str:
    paragraphs = (
        _("Steel rusts from the soil that stays on it. Brush it off before it dries, and rinse the blade."),
        _("Let it dry in the air, then rub a few drops of oil on steel and handle. That is all."),
    )
    return "<h2>{}</h2>{}".format(_("Clean and dry"), "".join(f"<p>{text}</p>" for text in paragraphs))


def _rail() -> dict:
    rail = {"heading": _("Worth keeping"), "text": "", "source": "newest", "limit": 4}
    if (
        tools := get_model("catalogue", "Category")
        .objects.browsable()
        .filter(slug__contains="garden")
        .first()
    ):
        rail |= {"source": "category", "category": tools}
    return rail
