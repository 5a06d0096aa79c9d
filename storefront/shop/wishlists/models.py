"""Oscar's own models, unchanged; their migrations are borrowed (MIGRATION_MODULES)."""

from oscar.apps.wishlists.models import *
