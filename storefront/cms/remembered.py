"""Logo, colours and menus as every page needs them: kept by each process for seconds, forgotten when they change."""

import hashlib
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings

from storefront.cms.brand_colours import brand_tokens, read_grounds
from storefront.core.remembered import Remembered

_SECONDS = 10
_LOGO_SIZE = "max-480x96"


@dataclass(frozen=True)
class BrandInUse:
    """`css` sets the tokens; `digest` names it, empty where the theme is shown as it is."""

    css: str = ""
    digest: str = ""
    logo_url: str = ""
    logo_width: int = 0
    logo_height: int = 0
    preload_fonts: tuple[str, ...] = ()
    company: str = ""
    address: tuple[str, ...] = ()
    ways_to_pay: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuInUse:
    """A menu's entries as (text, path of a page under its home, address): one of the two is empty."""

    place: str
    market_code: str
    language: str
    entries: tuple[tuple[str, str, str], ...]


def _read_brand() -> BrandInUse:
    row = apps.get_model("cms", "Branding").objects.select_related("logo").first()
    if row is None:
        return BrandInUse(preload_fonts=settings.THEME.preload_fonts)
    light, dark = brand_tokens(primary=row.primary, accent=row.accent, grounds=read_grounds())
    font = next((font for font in settings.THEME.fonts if font.code == row.font), None)
    if font:
        light |= {"font-display": font.display, "font-body": font.body}
    css = _write_css(light, dark)
    logo = row.logo.get_rendition(_LOGO_SIZE if not row.logo.is_svg() else "original") if row.logo else None
    return BrandInUse(
        css=css,
        digest=hashlib.sha256(css.encode()).hexdigest()[:12] if css else "",
        logo_url=logo.url if logo else "",
        logo_width=logo.width if logo else 0,
        logo_height=logo.height if logo else 0,
        preload_fonts=font.preload if font and font.preload else settings.THEME.preload_fonts,
        company=row.company,
        address=tuple(filter(None, map(str.strip, row.address.splitlines()))),
        ways_to_pay=tuple(filter(None, map(str.strip, row.ways_to_pay.split(",")))),
    )


def _write_css(light: dict[str, str], dark: dict[str, str]) -> str:
    """Return the sheet; it stands in no layer, so that it goes before every layer's tokens."""
    parts = [f":root{{{_declare(light)}}}"] if light else []
    if dark:
        scheme = "@media (prefers-color-scheme: dark)"
        parts.append(f'{scheme}{{:root:not([data-scheme="light"]){{{_declare(dark)}}}}}')
    return "".join(parts)


def _declare(tokens: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in tokens.items())


def _read_menus() -> tuple[MenuInUse, ...]:
    entries: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    rows = (
        apps.get_model("cms", "MenuEntry")
        .objects.exclude(page__live=False)
        .order_by("menu", "sort_order", "pk")
        .values_list("menu__place", "menu__market__code", "menu__language", "text", "page__url_path", "path")
    )
    for place, market_code, language, text, page_path, path in rows:
        below_home = "/".join((page_path or "").split("/")[2:])
        entry = (text, below_home, "" if page_path else path)
        entries.setdefault((place, market_code or "", language), []).append(entry)
    return tuple(MenuInUse(*key, tuple(found)) for key, found in entries.items())


brand_in_use: Remembered[BrandInUse] = Remembered(_read_brand, seconds=_SECONDS)
menus_in_use: Remembered[tuple[MenuInUse, ...]] = Remembered(_read_menus, seconds=_SECONDS)
