"""Oscar's own models, unchanged; their migrations are borrowed (MIGRATION_MODULES)."""

from oscar.apps.order.models import *
