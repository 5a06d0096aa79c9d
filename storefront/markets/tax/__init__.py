"""Tax on a basket behind one interface; plain Python, nothing here knows Django."""
