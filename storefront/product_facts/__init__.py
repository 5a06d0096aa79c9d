"""What must be said of a product beside its texts: who answers for it, warnings, contents, a video."""
