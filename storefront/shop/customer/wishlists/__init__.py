"""Our changes to the wish lists of Oscar's customer app."""
