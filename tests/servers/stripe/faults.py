"""Faults to order: the next requests to a path fail in a given way."""

import fnmatch
import threading
from dataclasses import asdict, dataclass
from typing import Any

KINDS = {
    "error_500": "answer 500 without doing the work; the key keeps the 500, as at Stripe",
    "error_500_after": "do the work, then answer 500; the key keeps the 500",
    "error_429": "answer 429 without doing the work; the key keeps nothing",
    "drop": "close the connection without doing the work",
    "lose_answer": "do the work, keep the answer for the key, and close the connection without sending it",
    "delay": "wait before doing the work",
    "timeout": "do the work, then wait before answering",
}


@dataclass
class Fault:
    """One order: `path` may hold wildcards (/v1/refunds*); with `is_kept` False no key keeps the 500."""

    kind: str
    path: str = "/v1/*"
    method: str = "*"
    times: int = 1
    seconds: float = 30.0
    is_kept: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a fault; there are: {', '.join(KINDS)}")


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        with self._lock:
            self._faults.append(fault)

    def take(self, *, method: str, path: str) -> Fault | None:
        """Return the fault ordered for this request, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.method in ("*", method) and fnmatch.fnmatchcase(path, fault.path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Cancel all faults."""
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Return the faults still to come."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]
