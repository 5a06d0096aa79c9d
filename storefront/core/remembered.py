"""A value that every page needs and that hardly ever changes, kept by each process for a few seconds."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """What `read` returned, until it is forgotten or older than `seconds`.

    The process that changes the value forgets it at once; another one shows the old value for `seconds` at most. Two
    threads may read at the same time: the later answer stays.
    """

    everything: "list[Remembered[Any]]" = []

    def __init__(self, read: Callable[[], Value], *, seconds: float):
        self._read, self._seconds = read, seconds
        self._kept: tuple[Value, float] | None = None
        Remembered.everything.append(self)

    def __call__(self) -> Value:
        kept = self._kept
        if kept is None or monotonic() - kept[1] > self._seconds:
            self._kept = kept = (self._read(), monotonic())
        return kept[0]

    def forget(self) -> None:
        """Read anew at the next call."""
        self._kept = None
