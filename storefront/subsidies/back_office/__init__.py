"""Subsidy projects in the back office: a board for each project, and a tab for each kind of work on it."""
