"""What templates of every page ask of the pages."""
