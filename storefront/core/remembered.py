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
        self._times_forgotten = 0
        Remembered.everything.append(self)

    def __call__(self) -> Value:
        kept = self._kept
        if kept is None or monotonic() - kept[1] > self._seconds:
            before = self._times_forgotten
            kept = (self._read(), monotonic())
            if before == self._times_forgotten:  # else what was read may be of before the change
                self._kept = kept
        return kept[0]

    def forget(self) -> None:
        """Read anew at the next call."""
        self._times_forgotten += 1
        self._kept = None
