"""A mail when a product that is sold out can be bought again."""
