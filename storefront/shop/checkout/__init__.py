"""Our changes to Oscar's checkout app."""
