"""Our changes to Oscar's wishlists app."""
