"""Tests of pages, blocks, choosers and the first steps."""
