"""Our changes to Oscar's customer app."""
