"""The most memory that a process and those it started had at once, looked at ten times a second."""

import re
import threading
from pathlib import Path

_INTERVAL = 0.1  # seconds
_SHARE = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+(\d+)", re.MULTILINE)


class MemoryWatch(threading.Thread):
    """Ends with the process; `most` is in KB. What processes share is parted among them, so that it counts once.

    Between two looks the first process may have had more, which the kernel notes: it counts, where it is more.
    """

    def __init__(self, process: int):
        super().__init__(daemon=True)
        self._process, self.most = process, 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_INTERVAL):
            try:
                alone = _read(self._process, "status", _PEAK)
                together = sum(_read(each, "smaps_rollup", _SHARE) for each in _family(self._process))
            except (OSError, TypeError):  # one of them is ending
                continue
            self.most = max(self.most, alone, together)

    def join(self, timeout: float | None = None) -> None:
        self._ended.set()
        super().join(timeout)


def _family(process: int) -> list[int]:
    """Return a process and all that come from it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in _family(int(child)))]


def _read(process: int, file: str, figure: re.Pattern[str]) -> int:
    return int(figure.search(Path(f"/proc/{process}/{file}").read_text())[1])  # type: ignore[index]
