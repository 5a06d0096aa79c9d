"""Servers which answer in the place of other companies' services, on loopback, for tests and the demo."""
