"""Every list of products the shop shows: category, search, suggestions."""
