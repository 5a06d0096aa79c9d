"""Keys of secret addresses: told once, kept as a hash."""

import hashlib


def key_hash(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
