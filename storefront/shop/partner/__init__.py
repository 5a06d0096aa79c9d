"""Our changes to Oscar's partner app."""
