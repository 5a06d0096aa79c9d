"""Our changes to Oscar's order app."""
