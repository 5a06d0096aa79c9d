"""Our changes to Oscar's basket app."""
