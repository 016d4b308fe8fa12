"""The connection of one browser: what is idle or too slow ends, and none takes a thread before it needs one."""

import socket
import time
from functools import partial
from io import BytesIO
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, Task, WSGITask

from portal.server.incoming import IncomingRequest, Rejection
from portal.web.errors import REFUSED

#: Seconds in which a connection that is new may send its first request although its web worker ends.
SECONDS_TO_BEGIN = 1

#: Seconds without a request, or without taking anything of an answer, after which a connection is closed.
SECONDS_IDLE = 60

#: Seconds in which a browser that was refused may send on, so that it reads the answer before the connection ends.
SECONDS_TO_LINGER = 5


class Connection(HTTPChannel):
    """A connection, with the request that is being read and the one that is being answered."""

    request: IncomingRequest | None = None
    requests: list[IncomingRequest]
    will_close: bool = False
    close_when_flushed: bool = False
    total_outbufs_len: int = 0

    def __init__(self, *rest: Any, **options: Any) -> None:
        self._began_at = time.monotonic()
        self._ends_at: float | None = None
        self._was_refused = False
        super().__init__(*rest, **options)
        self.parser_class = partial(IncomingRequest, self.server)
        self.task_class = _Answer

    @property
    def is_busy(self) -> bool:
        """Whether a request is being read, answered or sent, or is likely to be on its way."""
        is_new = time.monotonic() - self._began_at < SECONDS_TO_BEGIN
        return bool(self.is_answered or self.request or is_new)

    @property
    def is_answered(self) -> bool:
        """Whether a request has come, and its answer is being made or sent."""
        return bool(self.requests or self.total_outbufs_len)

    @property
    def has_large_upload(self) -> bool:
        """Whether a large upload is being read, or waits to be stored."""
        return any(request.is_large for request in (self.request, *self.requests) if request)

    def end_if_slow(self, now: float) -> None:
        """Refuse a request that comes too slowly, and close what is idle at `now`, of the monotonic clock."""
        if self._ends_at is not None:
            self.will_close = self.will_close or now > self._ends_at
        elif self.request and not self.requests:
            self.request.refuse_if_slow(now)
            self._hand_on(self.request)

    def received(self, received: bytes) -> bool:
        """Read on. What comes after a request was refused is thrown away."""
        return self._ends_at is not None or bool(super().received(received))

    def readable(self) -> bool:
        """Whether to read on."""
        return self._ends_at is not None or bool(super().readable())

    def writable(self) -> bool:
        """Whether there is something to send, or to close; while a thread answers, it sends itself."""
        if self.requests and not self.will_close and self.total_outbufs_len < self.adj.outbuf_high_watermark:
            return False
        if self.close_when_flushed and self._was_refused and not self.total_outbufs_len:
            self._linger()
        return bool(super().writable())

    def send_written(self) -> None:
        """Send what was written, as far as the browser takes it."""
        with self.outbuf_lock:
            self._flush_exception(self._flush_some, do_close=False)

    def error_task_class(self, channel: "Connection", request: IncomingRequest) -> Task:
        """Return what answers a request that is refused."""
        self._was_refused = True
        return (_Refusal if isinstance(request.error, Rejection) else ErrorTask)(channel, request)

    def _hand_on(self, request: IncomingRequest) -> None:
        """Let a request be answered if it was refused."""
        if request.completed:
            with self.requests_lock:
                self.requests.append(request)
                self.request = None
                self.server.add_task(self)

    def _linger(self) -> None:
        """Say that nothing more comes. A connection closed with something unread would lose the answer."""
        self.close_when_flushed = False
        self._ends_at = time.monotonic() + SECONDS_TO_LINGER
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:  # the browser has gone
            self.will_close = True


class _Answer(WSGITask):
    """Lets the application answer a request."""

    def set_close_on_finish(self) -> None:
        """Note that the connection ends with this answer. One that cannot have a body needs no end to be whole."""
        if self.has_body or self.request.connection_close:
            super().set_close_on_finish()

    def finish(self) -> None:
        """Send head and body together: a proxy that got them one by one might wait for an acknowledgement."""
        super().finish()
        self.channel.send_written()


class _Refusal(_Answer):
    """Lets the application answer a request that is refused, so that it is said in the person's words."""

    def execute(self) -> None:
        self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        is_head = self.request.command == "HEAD"
        environment: dict[str, Any] = super().get_environment()
        return environment | {
            REFUSED: self.request.error.status,
            "REQUEST_METHOD": "HEAD" if is_head else "GET",
            "CONTENT_LENGTH": "",
            "wsgi.input": BytesIO(),
        }
