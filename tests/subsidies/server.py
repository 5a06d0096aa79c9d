"""A server inside a test's own transaction: tables that refuse deletions cannot be emptied after a committed one."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections


class _Server(ThreadingMixIn, WSGIServer):
    """Answers every request on the test's own connection to the database, one at a time."""

    daemon_threads = True
    shared: Any = None

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        connections["default"] = self.shared
        super().process_request_thread(request, client_address)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """Yield the server's address; what waits for a commit is done after each request, as if there were one."""
    application, lock = StaticFilesHandler(get_wsgi_application()), Lock()
    shared = connections["default"]

    def answer(environ: Any, start_response: Any) -> Any:
        with lock:
            response = application(environ, start_response)
            while shared.run_on_commit:
                _, done_after, _ = shared.run_on_commit.pop(0)
                done_after()
            return response

    shared.inc_thread_sharing()
    for signal in (request_started, request_finished):  # an open transaction is no old connection
        signal.disconnect(close_old_connections)
    with make_server("127.0.0.1", 0, answer, server_class=_Server, handler_class=_Quiet) as server:
        server.shared = shared
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    shared.dec_thread_sharing()
