"""Tests of the plain Python every app shares."""
