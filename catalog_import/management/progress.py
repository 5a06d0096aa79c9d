"""A progress bar on a terminal; elsewhere one line for each step that is through."""

import shutil
from typing import Any

_STEPS = {
    "read": "Reading files",
    "plan": "Comparing with the shop",
    "write": "Writing products",
    "pictures": "Fetching pictures",
    "undo": "Undoing",
}
_WIDTH = 30


class ProgressBar:
    """Redraws one line of standard error."""

    def __init__(self, stream: Any, *, is_quiet: bool):
        """Take a stream; a quiet bar draws on terminals only."""
        self._stream = stream
        self._is_quiet = is_quiet
        self._is_open = False

    def show(self, step: str, done: int, total: int) -> None:
        """Show how far a step is; `total` 0 where nobody knows."""
        if self._stream.isatty():
            line = f"{_STEPS[step]:<24}{_draw(done, total)}"
            self._stream.write(f"\r{line:<{shutil.get_terminal_size().columns - 1}}", ending="")
            self._is_open = True
        elif total and done == total and not self._is_quiet:
            self._stream.write(f"{_STEPS[step]}: {done} of {total}")

    def end(self) -> None:
        """Leave the line."""
        if self._is_open:
            self._stream.write("")
            self._is_open = False


def _draw(done: int, total: int) -> str:
    if not total:
        return str(done)
    filled = _WIDTH * done // total
    return f"{'█' * filled}{'·' * (_WIDTH - filled)} {100 * done // total:>3} %  {done:,} of {total:,}"
