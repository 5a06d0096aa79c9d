"""Oscar's own models; their migrations are borrowed (MIGRATION_MODULES)."""

from oscar.apps.catalogue.reviews.models import *
