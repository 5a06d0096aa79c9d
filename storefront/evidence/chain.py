"""The arithmetic of the event log: what is hashed, and where a chain first breaks."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Link:
    """One row of the log as stored."""

    sequence: int
    body: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where a log stops being the one that was written."""

    sequence: int
    what: str


def canonical(value: Any) -> str:
    """Return `value` as JSON, always the same text for the same value (keys sorted, no spaces, UTF-8)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link_hash(*, previous_hash: str, body: str) -> str:
    """Return SHA-256 over the hash before and the body, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{previous_hash}\n{body}".encode()).hexdigest()


def first_break(links: Iterable[Link], *, head_sequence: int, head_hash: str) -> Break | None:
    """Return where the log first breaks, or None for a whole one; the links come in order of their sequence.

    The head, kept apart, tells when the last rows were taken away.
    """
    previous, expected = START, 1
    for link in links:
        if link.sequence != expected:
            return Break(expected, "missing")
        if link.previous_hash != previous:
            return Break(link.sequence, "previous")
        if link.hash != link_hash(previous_hash=previous, body=link.body):
            return Break(link.sequence, "body")
        previous, expected = link.hash, expected + 1
    if (expected - 1, previous) != (head_sequence, head_hash):
        return Break(expected, "missing")
    return None
