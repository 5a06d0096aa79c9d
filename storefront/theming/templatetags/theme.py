"""What theme templates print: pictures with their renditions, money, icons, the basket's count."""

import html
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from babel.numbers import format_currency
from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models.fields.files import FieldFile
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale

from storefront.core.countries import country_name as name_country
from storefront.page_cache.addresses import is_anybody
from storefront.theming.pictures import RENDITION_WIDTHS, file_url, rendition_name

register = template.Library()

_AMOUNTS_KNOWN = 2000

_SHORT_COMPOUND = 12  # letters: what is longer may not fit beside another word on a phone


@register.simple_tag
def picture(
    name: str | FieldFile,
    *,
    alt: str = "",
    sizes: str = "100vw",
    loading: str = "lazy",
    is_main: bool = False,
    edge: int = RENDITION_WIDTHS[-1],
) -> SafeString:
    """Return an img that lets the browser choose between the renditions of the stored picture `name`.

    `edge` is the side of the square kept free for it, in CSS pixels. Without a name a drawing stands in. The
    picture a page is about, `is_main`, is fetched first.
    """
    attributes = {
        "width": edge,
        "height": edge,
        "alt": alt,
        "loading": "eager" if is_main else loading,
        "decoding": "async",
    }
    if is_main:
        attributes["fetchpriority"] = "high"
    name = str(name or "")
    if not name:
        return _img(src=static("img/no-picture.svg"), **attributes)
    return _img(
        src=picture_url(name, width=RENDITION_WIDTHS[-1]), srcset=_srcset(name), sizes=sizes, **attributes
    )


@register.simple_tag
def picture_preload(name: str | FieldFile, *, sizes: str = "100vw") -> SafeString:
    """Return a link that has the browser fetch a picture before it meets it; nothing without a name."""
    if not name:
        return SafeString()
    return format_html(
        '<link rel="preload" as="image" imagesrcset="{}" imagesizes="{}" fetchpriority="high">',
        _srcset(str(name)),
        sizes,
    )


def _srcset(name: str) -> str:
    return ", ".join(f"{picture_url(name, width=width)} {width}w" for width in RENDITION_WIDTHS)


@register.simple_tag
def picture_url(name: str | FieldFile, *, width: int | None = None) -> str:
    """Return the address of the rendition of `name` that is `width` pixels wide, without a width of the original."""
    return file_url(rendition_name(str(name), width) if width else str(name))


@register.simple_tag
def media_url(name: str | FieldFile) -> str:
    """Return the address of a stored file."""
    return file_url(str(name))


def _img(**attributes: object) -> SafeString:
    # A list has two dozen: format_html() for each attribute takes a tenth of the page's time.
    written = " ".join(
        f'{name}="{value if isinstance(value, SafeString) else html.escape(str(value))}"'
        for name, value in attributes.items()
    )
    return mark_safe(f"<img {written}>")


@register.filter(is_safe=True)
def load_at_once(written: str) -> str:
    """Return HTML whose pictures load at once, not only once they are near: for what is seen first."""
    return written.replace(' loading="lazy"', ' loading="eager"')


@register.filter
def keep_together(text: str) -> SafeString:
    """Return a heading whose short compounds, such as USB-C, are not taken apart at the end of a line."""
    # Escaped as a whole: a title has a dozen words, and escaping adds no space between them.
    words = [
        f'<span class="nowrap">{escaped}</span>' if _is_short_compound(word) else escaped
        for word, escaped in zip(str(text).split(), escape(text).split(), strict=True)
    ]
    return mark_safe(" ".join(words))


def _is_short_compound(word: str) -> bool:
    parts = word.strip(",.;:()").split("-")
    return len(word) <= _SHORT_COMPOUND and len(parts) > 1 and min(map(len, parts)) <= 2


@register.filter
def link_to(links: Iterable[Any], address: str) -> str:
    """Return the address where one of these links leads there, else nothing."""
    return address if any(link.url == address for link in links) else ""


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount as people of the active language write it, such as €19.99; nothing for no amount."""
    if amount is None or amount == "":
        return ""
    return _write_money(amount, currency, to_locale(get_language() or "en"))


@lru_cache(_AMOUNTS_KNOWN)
def _write_money(amount: Decimal, currency: str, locale: str) -> str:
    return format_currency(amount, currency, locale=locale)


@register.filter
def country_name(country: Any) -> str:
    """Return what a country is called in the active language; nothing for none."""
    if not country:
        return ""
    return name_country(code=country.pk, language=get_language() or "en") or country.printable_name


@register.filter
def address_lines(address: Any) -> list[str]:
    """Return the lines of an address that are filled in, its country named in the active language."""
    if not address:
        return []
    lines = address.get_address_field_values([name for name in address.base_fields if name != "country"])
    return [*lines, country_name(address.country)]


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """Return data as JSON that may stand in a script element."""
    escapes = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    return mark_safe(orjson.dumps(data).decode().translate(escapes))


@register.simple_tag
def icon(name: str, *, label: str = "") -> SafeString:
    """Return an icon of img/icons.svg: drawn in the colour of the text, silent unless it has a label."""
    return _draw_icon(f"{staticfiles_storage.url('img/icons.svg')}#{name}", label)


@lru_cache
def _draw_icon(address: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag(takes_context=True)
def basket_item_count(context: template.Context) -> int:
    """Return how many items the shopper's basket holds, without working out its offers: two queries, or none."""
    request = context.get("request")
    if not hasattr(request, "basket_hash") or is_anybody(request):
        return 0
    str(request.basket_hash)  # Oscar's middleware finds the basket and keeps it here
    basket = request._basket_cache
    basket.strategy = request.strategy  # what is not sold in the shopper's market does not count
    return basket.item_count() if basket.id else 0
