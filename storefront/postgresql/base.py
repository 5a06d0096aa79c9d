"""Where Django finds the wrapper of a connection."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Whether a kept connection still stands is asked of its socket, not of the server: a question less a request.

    Nobody reads from it between two requests, so that a server which is gone, or said good-bye, is all there can be
    to read. Then, and after an error, Django asks the server.
    """

    def close_if_health_check_failed(self) -> None:
        is_due = self.health_check_enabled and not self.health_check_done
        if is_due and self.connection is not None and _is_silent(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def _is_silent(connection: Any) -> bool:
    if connection.closed:
        return False
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    return not look.poll(0)
