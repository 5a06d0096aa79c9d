"""Figures the project promises, printed by `make bench`; never timed asserts in the suite."""
