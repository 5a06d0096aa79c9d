"""The codes of gift cards: easy to read out, impossible to guess, kept as a hash."""

import hashlib
import secrets

# Without 0, 1, I, L, O and U: nobody mistakes one for another, and no code is a word.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def new_code() -> str:
    """Return a code such as K7QM-2FXW-9RTA-HD3P: 78 bits of chance."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[place : place + 4] for place in range(0, LENGTH, 4))


def normalise_code(typed: str) -> str:
    """Return what was typed without blanks and hyphens, in capitals."""
    return "".join(character for character in typed.upper() if character.isalnum())


def hash_code(typed: str) -> str:
    """Return the hash by which a code is found; a slow hash would not help against 78 bits."""
    return hashlib.sha256(normalise_code(typed).encode()).hexdigest()
