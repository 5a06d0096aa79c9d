"""The root of every error this project raises for a person to read."""


class StorefrontError(Exception):
    """Something a merchant or shopper can act on; its text says what happened, where, and what to do next."""
