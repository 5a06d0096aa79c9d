"""Imports that begin by the clock, from a folder into which the merchant's reports are put."""
