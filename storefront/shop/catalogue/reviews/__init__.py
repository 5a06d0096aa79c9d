"""Our changes to Oscar's reviews app."""
