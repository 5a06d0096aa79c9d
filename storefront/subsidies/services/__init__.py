"""Every write of this app, by use case."""
