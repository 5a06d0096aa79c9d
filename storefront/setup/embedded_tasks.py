"""Background work of the embedded default: short tasks at once, long ones in a thread of this process."""

import logging
from queue import SimpleQueue
from threading import Lock, Thread

from django.db import close_old_connections, connections
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult

logger = logging.getLogger(__name__)


class EmbeddedBackend(ImmediateBackend):
    """Run what has a priority below zero, and may take minutes, in one background thread, the rest at once.

    It ends with the process: what must survive that goes on when it is asked for again, as imports do.
    """

    def __init__(self, alias: str, params: dict):
        super().__init__(alias, params)
        self._waiting: SimpleQueue[TaskResult] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def _execute_task(self, task_result: TaskResult) -> None:
        if task_result.task.priority >= 0:
            super()._execute_task(task_result)
            return
        self._waiting.put(task_result)
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="background", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            task_result = self._waiting.get()
            close_old_connections()
            super()._execute_task(task_result)
            for error in task_result.errors:
                logger.error("%s failed:\n%s", task_result.task.module_path, error.traceback)
            connections.close_all()
