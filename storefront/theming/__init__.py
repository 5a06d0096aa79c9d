"""Themes: where templates and static files come from, and the pictures they show."""
