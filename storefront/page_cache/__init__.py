"""Whole pages kept for visitors who are nobody in particular, and dropped when what they show changes."""
