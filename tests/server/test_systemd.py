"""What systemd sees and gives: a port that is open already, and word that the portal answers."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.commands.installing import Run, database, home, installed, keys_of_other_tests, run
from tests.server.serving import PATIENCE, read_answer, served

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures

#: As systemd does, give the port as file descriptor 3, and say for which process it is.
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv.pop()), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
from portal.cli import main
main()
"""


def test_it_says_that_it_answers_and_then_does(installed: Run, home: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(home / "notify"))
        systemd.settimeout(PATIENCE)
        with served(NOTIFY_SOCKET=str(home / "notify")) as portal:
            assert systemd.recv(64) == b"READY=1"
            assert portal.get()[0] == 200


def test_it_answers_what_came_before_it_was_started(installed: Run):
    with (
        socket.create_server(("127.0.0.1", 0)) as port,
        connected(port) as early,
    ):
        early.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        with activated(port) as portal:
            assert read_answer(early)[0] == 200
            portal.terminate()
            assert portal.wait(timeout=PATIENCE) == 0


def test_a_restart_answers_what_comes_meanwhile(installed: Run):
    with socket.create_server(("127.0.0.1", 0)) as port:
        with activated(port) as portal, connected(port) as browser:
            browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert read_answer(browser)[0] == 200
            portal.terminate()
            portal.wait(timeout=PATIENCE)
        with connected(port) as meanwhile:
            meanwhile.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            with activated(port) as portal:
                assert read_answer(meanwhile)[0] == 200
                portal.terminate()
                assert portal.wait(timeout=PATIENCE) == 0


def connected(port: socket.socket) -> socket.socket:
    return socket.create_connection(port.getsockname(), timeout=PATIENCE)


@contextmanager
def activated(port: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """`portal serve` as a socket unit starts it."""
    command = [sys.executable, "-c", ACTIVATED, "serve", str(port.fileno())]
    with subprocess.Popen(
        command, pass_fds=[port.fileno()], stdout=subprocess.DEVNULL, cwd=Path(__file__).parent.parent.parent
    ) as process:
        try:
            yield process
        finally:
            process.kill()
