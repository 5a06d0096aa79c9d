"""Pages and blocks edited in Wagtail."""
