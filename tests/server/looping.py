"""A web worker's server in the process of a test. Its loop turns while the test waits for an answer."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

from flask import Flask
from waitress import wasyncore

from portal.server.connection import Connection
from portal.server.lanes import Lanes
from portal.server.web import Server, Sockets, server_of

#: Turns of the loop, a tenth of a second each when nothing comes, after which no answer comes any more.
PATIENCE = 600


class Received(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class WebWorker:
    """The server, its lanes and the browsers that are connected to it."""

    def __init__(self, app: Flask, threads: int) -> None:
        self.lanes = Lanes(threads)
        self.sockets: Sockets = {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.server: Server = server_of(app, self.listener, self.lanes, self.sockets)
        self._browsers: list[Browser] = []

    def turn(self) -> None:
        """Let the loop do what there is to do, or wait a tenth of a second for something."""
        wasyncore.poll2(0.1, self.sockets)

    def browser(self) -> "Browser":
        """A new connection, which the server has accepted."""
        before = set(self.server.active_channels)
        browser = Browser(self)
        self._browsers.append(browser)
        while not (new := set(self.server.active_channels) - before):
            self.turn()
        browser.connection = self.server.active_channels[new.pop()]
        return browser

    def end(self) -> None:
        for browser in self._browsers:
            browser.close()
        wasyncore.close_all(self.sockets)
        self.lanes.end()


class Browser:
    """One connection, seen from the other side."""

    connection: Connection

    def __init__(self, worker: WebWorker) -> None:
        self._worker = worker
        self._socket = socket.create_connection(worker.listener.getsockname())
        self._socket.setblocking(False)
        self._read = b""

    def send(self, sent: bytes) -> Self:
        """Send all of this, and let the server read what it wants to."""
        while sent:
            try:
                sent = sent[self._socket.send(sent) :]
            except BlockingIOError:
                self._worker.turn()
        self._worker.turn()
        return self

    def ask(self, first_line: str, *headers: str, body: bytes = b"") -> Self:
        """Send a whole request."""
        lines = (first_line, "Host: localhost", *headers, "", "")
        return self.send("\r\n".join(lines).encode() + body)

    def answer(self, *, is_to_head: bool = False) -> Received:
        """The next answer on this connection."""
        head = self._until(lambda: b"\r\n\r\n" in self._read).split(b"\r\n\r\n")[0].decode()
        first, *lines = head.split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        self._read = self._read.partition(b"\r\n\r\n")[2]
        length = 0 if is_to_head else int(headers.get("Content-Length", 0))
        body = self._until(lambda: len(self._read) >= length)[:length]
        self._read = self._read[length:]
        return Received(int(first.split()[1]), headers, body)

    def is_closed(self) -> bool:
        """Whether the server ends the connection, with nothing more to say."""
        for _turn in range(PATIENCE):
            received = self._receive()
            if received is not None:
                return received == b""
        return False

    def close(self) -> None:
        self._socket.close()

    def _until(self, is_there: Callable[[], bool]) -> bytes:
        for _turn in range(PATIENCE):
            if is_there():
                return self._read
            received = self._receive()
            assert received != b"", f"the connection was closed after {self._read!r}"
            self._read += received or b""
        raise AssertionError(f"no answer, but {self._read!r}")

    def _receive(self) -> bytes | None:
        self._worker.turn()
        try:
            return self._socket.recv(1 << 16)
        except BlockingIOError:
            return None


@contextmanager
def looping(app: Flask, threads: int = 4) -> Iterator[WebWorker]:
    """A web worker for that application, until the block is left."""
    worker = WebWorker(app, threads)
    try:
        yield worker
    finally:
        worker.end()
