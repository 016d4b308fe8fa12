"""Clients that send a body as slowly as they can: a byte a second, or a large file on a slow line."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from bench.rig.clients import Phone

#: 1 Mbit/s, in bytes.
SLOW_LINE = 125_000

UPLOAD = 200 * 1024 * 1024
BOUNDARY = "----bench"


class Dripping:
    """Connections that each send a little every second, and are opened anew when the server has had enough."""

    def __init__(self, port: int, head: bytes, amount: int) -> None:
        self._port, self._head, self._amount = port, head, amount
        self._connection: socket.socket | None = None

    def drip(self) -> None:
        """Send the next bytes, on a new connection where there is none."""
        try:
            if self._connection is None:
                self._connection = socket.create_connection(("127.0.0.1", self._port), timeout=5)
                self._connection.sendall(self._head)
                self._connection.setblocking(False)
            self._connection.send(b"a" * self._amount)
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def close(self) -> None:
        """Leave."""
        if self._connection:
            self._connection.close()
            self._connection = None


@contextmanager
def dripping(port: int, bodies: int, uploader: Phone) -> Iterator[None]:
    """So many connections that send a form by a byte a second, and one that uploads a roster on a slow line."""
    drips = [Dripping(port, _form(), 1) for _ in range(bodies)]
    drips.append(Dripping(port, _upload(uploader), SLOW_LINE))
    over = Event()

    def go_on() -> None:
        while True:
            for each in drips:
                each.drip()
            if over.wait(1):
                return

    thread = Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=60)
        for each in drips:
            each.close()


def _form() -> bytes:
    return (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )


def _upload(uploader: Phone) -> bytes:
    begin = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{uploader.token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="roster.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    return (
        f"POST /settings/roster/new HTTP/1.1\r\nHost: localhost\r\nCookie: {uploader.cookie}\r\n"
        f"Content-Length: {UPLOAD}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n{begin}"
    ).encode()
