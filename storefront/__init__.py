"""The site: settings, addresses, and one app per domain word."""
