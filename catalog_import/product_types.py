"""Amazon's product types, item type keywords and option axes in words a shopper reads, by language."""

from functools import lru_cache

_LANGUAGES = ("en", "de")
_TYPE_NAMES = """
ELECTRONIC_CABLE Cables | Kabel
CHARGING_ADAPTER Chargers | Ladegeräte
POWER_BANK Power banks | Powerbanks
COMPUTER_ADD_ON Desk & hubs | Schreibtisch & Hubs
GARDEN_TOOL Garden tools | Gartenwerkzeug
WATERING_EQUIPMENT Watering | Bewässerung
PLANTER Planters | Pflanzgefäße
HEADPHONES Headphones | Kopfhörer
SPEAKERS Speakers | Lautsprecher
CELLULAR_PHONE_CASE Phone cases | Handyhüllen
SCREEN_PROTECTOR Screen protectors | Displayschutz
LAMP Lamps | Lampen
LIGHT_FIXTURE Lighting | Beleuchtung
COFFEE_MAKER Coffee makers | Kaffeemaschinen
DRINKING_CUP Cups & mugs | Tassen & Becher
BOTTLE Bottles | Flaschen
KITCHEN_KNIFE Kitchen knives | Küchenmesser
COOKWARE_SET Cookware | Kochgeschirr
BACKPACK Backpacks | Rucksäcke
LUGGAGE Luggage | Koffer
SHIRT Shirts | Hemden & Shirts
PANTS Trousers | Hosen
SHOES Shoes | Schuhe
HAT Hats | Mützen & Hüte
WATCH Watches | Uhren
FINENECKLACEBRACELETANKLET Jewellery | Schmuck
TOYS_AND_GAMES Toys & games | Spielzeug & Spiele
PET_TOY Pet toys | Tierspielzeug
EXERCISE_MAT Exercise mats | Gymnastikmatten
HOME Home | Wohnen
FURNITURE Furniture | Möbel
BEAUTY Beauty | Kosmetik
SKIN_MOISTURIZER Skin care | Hautpflege
"""
_AXIS_NAMES = """
color Color | Farbe
size Size | Größe
style Style | Stil
material Material | Material
pattern Pattern | Muster
flavour Flavour | Geschmack
scent Scent | Duft
team Team | Team
item_package_quantity Pack size | Packungsgröße
number_of_items Number of items | Anzahl
"""
_ACRONYMS = frozenset(["usb", "hdmi", "led", "lcd", "hd", "pc", "tv", "gps", "ac", "dc", "diy", "rgb", "ssd"])
_CATEGORY_CODE_PREFIX = "amazon-"


def _read_table(table: str) -> dict[str, dict[str, str]]:
    rows = (line.partition(" ") for line in table.strip().splitlines())
    return {
        code: dict(zip(_LANGUAGES, (name.strip() for name in names.split("|")), strict=True))
        for code, _, names in rows
    }


_NAMES_OF_TYPE = _read_table(_TYPE_NAMES)
_NAMES_OF_AXIS = _read_table(_AXIS_NAMES)


def name_product_type(product_type: str, language: str = "en") -> str:
    """Return a readable plural for a product type such as ELECTRONIC_CABLE; unknown types are spelled out."""
    known = _NAMES_OF_TYPE.get(product_type, {}).get(_base(language))
    return known or _spell_out(product_type.replace("_", " "))


def name_item_type(keyword: str) -> str:
    """Return an item type keyword in words: `usb-cables` is 'USB cables'."""
    return _spell_out(keyword.replace("-", " ").replace("_", " "))


def name_category(path: str, language: str) -> str:
    """Return what the last part of a category path is called: a product type, or one and its keyword."""
    product_type, _, keyword = path.partition("/")
    return name_item_type(keyword) if keyword else name_product_type(product_type, language)


def category_code(path: str) -> str:
    """Return the code a category is found by; a path is a product type, or one and a keyword joined by '/'."""
    product_type, _, keyword = path.partition("/")
    return _CATEGORY_CODE_PREFIX + "-".join(filter(None, [product_type.casefold(), keyword]))


@lru_cache(1000)
def name_axis(code: str, language: str = "en") -> str:
    """Return an option axis in words: `color` is 'Farbe' in German; an unknown one is spelled out."""
    return _NAMES_OF_AXIS.get(code, {}).get(_base(language)) or _spell_out(code.replace("_", " "))


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].casefold()


def _spell_out(words: str) -> str:
    spelled = [word.upper() if word.casefold() in _ACRONYMS else word.casefold() for word in words.split()]
    text = " ".join(spelled)
    return text[:1].upper() + text[1:]
