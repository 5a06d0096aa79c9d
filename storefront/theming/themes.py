"""What a theme is: a folder with a theme.toml, templates and static files, over those of the base theme."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASE = "base"
HEROES = ("split", "overlay", "panel")


@dataclass(frozen=True)
class FontChoice:
    """A pair of font stacks that a merchant may choose, as values of --font-display and --font-body."""

    code: str
    name: str
    display: str
    body: str
    preload: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme as its theme.toml describes it. `folders` hold its files: its own first, then the base theme's.

    `mark` is the drawing beside the shop's name, an SVG path in 24 × 24. `hero` is how a page opens where its
    editor left that to the theme. `preload_fonts` are the static paths of fonts that headings need at once.
    """

    code: str
    name: str
    folders: tuple[Path, ...]
    description: str = ""
    mark: str = ""
    hero: str = "split"
    preload_fonts: tuple[str, ...] = ()
    fonts: tuple[FontChoice, ...] = field(default=())

    @property
    def template_folders(self) -> list[Path]:
        return [folder / "templates" for folder in self.folders]

    @property
    def static_folders(self) -> list[Path]:
        return [path for folder in self.folders if (path := folder / "static").is_dir()]


class ThemeProblem(Exception):
    """A theme cannot be used; the text says what to change."""


def read_theme(chosen: str, *, themes_folder: Path) -> Theme:
    """Return the theme `chosen`: the name of a folder in `themes_folder`, or the path of a folder elsewhere.

    Raise ThemeProblem where there is none or where its theme.toml is not right.
    """
    folder = Path(chosen) if "/" in chosen else themes_folder / chosen
    if not (folder / "theme.toml").is_file():
        there_are = ", ".join(sorted(path.parent.name for path in themes_folder.glob("*/theme.toml")))
        raise ThemeProblem(
            f"STOREFRONT_THEME is {chosen!r}, but there is no {folder / 'theme.toml'}. "
            f"Choose one of: {there_are}; or the path of a theme's folder."
        )
    try:
        described = tomllib.loads((folder / "theme.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ThemeProblem(f"{folder / 'theme.toml'} is not TOML: {error}") from error
    base = themes_folder / BASE
    folders = (folder,) if folder == base else (folder, base)
    return _describe(described, code=folder.name, folders=folders)


def _describe(described: dict[str, Any], *, code: str, folders: tuple[Path, ...]) -> Theme:
    where = folders[0] / "theme.toml"
    known = {"name", "description", "mark", "hero", "preload_fonts", "fonts"}
    if unknown := sorted(described.keys() - known):
        raise ThemeProblem(f"{where}: {unknown[0]!r} is not known. Known are: {', '.join(sorted(known))}.")
    hero = described.get("hero", HEROES[0])
    if hero not in HEROES:
        raise ThemeProblem(f"{where}: hero is {hero!r}; it must be one of {', '.join(HEROES)}.")
    return Theme(
        code=code,
        name=described.get("name", code.title()),
        folders=folders,
        description=described.get("description", ""),
        mark=described.get("mark", ""),
        hero=hero,
        preload_fonts=tuple(described.get("preload_fonts", ())),
        fonts=tuple(_describe_font(font, where=where) for font in described.get("fonts", ())),
    )


def _describe_font(font: dict[str, Any], *, where: Path) -> FontChoice:
    try:
        return FontChoice(
            code=font["code"],
            name=font["name"],
            body=font["body"],
            display=font.get("display", font["body"]),
            preload=tuple(font.get("preload", ())),
        )
    except KeyError as error:
        raise ThemeProblem(f"{where}: one of [[fonts]] has no {error.args[0]}.") from error
