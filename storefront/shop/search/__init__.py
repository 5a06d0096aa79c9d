"""Our changes to Oscar's search app."""
