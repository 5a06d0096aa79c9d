"""Selling into markets: the texts of a product in each language."""
