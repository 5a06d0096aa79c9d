"""The only door to Oscar's catalogue tables: what they hold now, and writing what a plan says."""

from catalog_import.oscar_catalogue.places import Places, find_places
from catalog_import.oscar_catalogue.shop import OscarShop
from catalog_import.oscar_catalogue.snapshot import Scope, take_snapshot
from catalog_import.oscar_catalogue.writer import CatalogueWriter

__all__ = ["CatalogueWriter", "OscarShop", "Places", "Scope", "find_places", "take_snapshot"]
