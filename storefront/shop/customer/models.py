"""Oscar's own models, unchanged; their migrations are borrowed (MIGRATION_MODULES)."""

from oscar.apps.customer.models import *
