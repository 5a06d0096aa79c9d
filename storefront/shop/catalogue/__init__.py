"""Our changes to Oscar's catalogue app."""
