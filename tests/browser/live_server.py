"""The application on a port of this machine, for a browser that is not a test client."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class LiveServer:
    """Answers in threads of its own, and remembers every address it was sent."""

    def __init__(self, app: Flask) -> None:
        self.addresses: list[str] = []
        self._app, self._busy, self._idle = app, 0, threading.Condition()
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def base_url(self) -> str:
        """By name: browsers trust localhost as they trust https, and the tests' settings name it too."""
        return f"http://localhost:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def come_to_rest(self) -> None:
        """Wait until the last request is answered: only then may the database be exchanged."""
        with self._idle:
            assert self._idle.wait_for(lambda: not self._busy, timeout=10), "a request is never answered"

    def was_sent(self, code: str) -> bool:
        """Whether a code stood in an address or a referrer, in any spelling."""
        return code in "\n".join(self.addresses).upper().replace("-", "")

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with self._idle:
            self._busy += 1
            self.addresses += [environ["REQUEST_URI"], environ.get("HTTP_REFERER", "")]
        try:
            return self._app(environ, start_response)
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()


class _Silent(WSGIRequestHandler):
    """Without a line for each request."""

    def log(self, *_message: object) -> None: ...
