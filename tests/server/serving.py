"""`portal serve` as the operator starts it, with its real processes; nothing here waits for a time."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

#: Seconds after which an answer does not come any more.
PATIENCE = 60


class Served:
    """A running `portal serve` and its port."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def get(self, path: str = "/healthz") -> tuple[int, bytes]:
        """The status and the body of one page."""
        with self.connect() as browser:
            browser.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            return read_answer(browser)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def children(self, name: str = "") -> set[int]:
        """The processes forked from it, of that role."""
        parent = self.process.pid
        try:
            found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except FileNotFoundError:
            return set()
        return {int(child) for child in found if name in _name_of(child)}

    def child(self, name: str, *, but: int = 0) -> int:
        """A process of that role, as soon as there is one besides `but`."""
        while self.process.poll() is None:
            if others := self.children(f"portal-{name}") - {but}:
                return min(others)
        raise AssertionError("the server ended")

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ends(self) -> int:
        """Its exit status, once it has ended."""
        return self.process.wait(timeout=PATIENCE)


def read_answer(browser: socket.socket) -> tuple[int, bytes]:
    """The status and the body of the answer that comes to an open connection."""
    answer = HTTPResponse(browser)
    try:
        answer.begin()
        return answer.status, answer.read()
    finally:
        answer.close()


def _name_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@contextmanager
def served(*options: str, **environment: str) -> Iterator[Served]:
    """`portal serve` on a free port, with the installation of this environment; its port listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-c", "from portal.cli import main; main()", "serve", *options]
    with subprocess.Popen(
        command, env=os.environ | {"PORT": str(port)} | environment,  # noqa: TID251
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent.parent,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            assert "answers at" in process.stdout.readline()
            yield Served(process, port)
        finally:
            process.kill()


def has_ended(pid: int) -> bool:
    """Wait until that process is gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], PATIENCE)[0])
    finally:
        os.close(handle)
