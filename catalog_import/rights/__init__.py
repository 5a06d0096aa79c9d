"""Whose texts and pictures they are: brands that the merchant confirmed, and products held back until then."""
