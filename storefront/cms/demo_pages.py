"""The home page of the demo brand, a made-up maker of cables and garden tools."""

from copy import copy
from dataclasses import dataclass
from pathlib import Path

from django.core.files.images import ImageFile
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Page

MAX_TILES = 6
MAX_RAIL_PRODUCTS = 8


def demo_about_html() -> str:
    """Return the text of the demo's About page."""
    return "".join(
        f"<p>{paragraph}</p>"
        for paragraph in (
            _(
                "Zellumo and Fernowick are two made-up brands of one made-up workshop: cables, and garden tools."
            ),
            _(
                "They exist so that this shop can be tried out with a whole catalogue. Nothing here is for sale."
            ),
        )
    )


@dataclass(frozen=True)
class DemoPictures:
    """The pictures that the home page shows in every language."""

    hero: AbstractImage
    story: AbstractImage


def add_demo_pictures(folder: Path) -> DemoPictures:
    """Add hero.jpg and story.jpg of a folder to the picture library."""
    return DemoPictures(
        hero=_add_picture(folder / "hero.jpg", title="Zellumo and Fernowick"),
        story=_add_picture(folder / "story.jpg", title="Fernowick garden tools"),
    )


def demo_body(*, pictures: DemoPictures, about: Page) -> list[tuple[str, object]]:
    """Return the body of the demo's home page in the active language; its story leads to the page `about`."""
    rail = {
        "heading": _("Chosen from the catalogue"),
        "text": _("Cables that bend, tools that last"),
        "source": "newest",
        "limit": MAX_RAIL_PRODUCTS,
    }
    featured = _one_product_per_category()
    if featured:
        rail |= {"source": "chosen", "products": featured}
    blocks = [
        ("hero", _hero(picture=pictures.hero, product=next(iter(featured), None), about=about)),
        ("trust", _trust()),
        ("product_rail", rail),
        ("story", _story(picture=pictures.story, about=about)),
    ]
    if tiles := _tiles():
        blocks.insert(2, ("collections", {"heading": _("Shop by collection"), "tiles": tiles}))
    return blocks


def _hero(*, picture, product, about: Page) -> dict:
    return {
        "variant": "theme",
        "heading": _("Made to be used every day"),
        "text": _(
            "Cables and chargers for the desk, tools and pots for the garden. From one small workshop."
        ),
        "picture": describe_picture(
            picture, _("A watering can, a coiled cable, a power bank and a potted plant on a table")
        ),
        "button": {"text": _("See all products"), "path": "/products/"},
        "second_button": {"text": _("About the makers"), "page": about},
        "product": product,
    }


def _trust() -> dict:
    promises = [
        ("truck", _("Delivered with tracking"), _("The cost is shown before you pay")),
        ("return", _("30 days to return"), _("Write to us, we send the address")),
        ("shield", _("Legal guarantee"), _("Your rights stay as they are")),
        ("lock", _("Pay safely"), _("Card data goes straight to Stripe")),
    ]
    return {"promises": [{"icon": icon, "title": title, "text": text} for icon, title, text in promises]}


def _story(*, picture, about: Page) -> dict:
    text = _(
        "A cable breaks where it bends, a trowel where it meets the handle. We start there: relieved ends,"
        " blade and shaft in one piece, parts that can be replaced."
    )
    return {
        "heading": _("We begin where things break"),
        "text": f"<p>{text}</p>",
        "picture": describe_picture(picture, _("A trowel, a fork, secateurs and a tin of jute twine")),
        "side": "left",
        "button": {"text": _("About the makers"), "page": about},
    }


def _tiles() -> list[dict]:
    categories = get_model("catalogue", "Category").objects.browsable().filter(depth=1).order_by("path")
    return [
        {"category": category, "text": "", "tint": str(place % 4 + 1)}
        for place, category in enumerate(categories[:MAX_TILES])
    ]


def _one_product_per_category() -> list:
    """Return up to eight products with a picture, from as many categories as there are."""
    products = (
        get_model("catalogue", "Product")
        .objects.browsable()
        .filter(images__isnull=False, categories__isnull=False)
        .order_by("pk")
    )
    by_category: dict[int, list] = {}
    for product in products.distinct().prefetch_related("categories"):
        by_category.setdefault(product.categories.all()[0].pk, []).append(product)
    chosen = []
    while len(chosen) < MAX_RAIL_PRODUCTS and any(by_category.values()):
        chosen += [group.pop(0) for group in by_category.values() if group]
    return chosen[:MAX_RAIL_PRODUCTS]


def _add_picture(path: Path, *, title: str):
    picture = get_image_model()(title=title)
    with path.open("rb") as file:
        picture.file = ImageFile(file, name=f"demo-{path.name}")
        picture.save()
    return picture


def describe_picture(picture, alt: str):
    """Return a copy of a picture with its description in the active language."""
    picture = copy(picture)
    picture.contextual_alt_text, picture.decorative = alt, False
    return picture
