"""Our changes to Oscar's shipping app."""
