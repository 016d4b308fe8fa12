"""The web server as it is installed, as a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

HERE = Path(__file__).parent.parent

Process = subprocess.Popen[bytes]


def command(*words: str) -> list[str]:
    """`portal …` with this very Python."""
    return [sys.executable, "-c", "from portal.cli import main; main()", *words]


def environment_of(app: Flask, **further: str) -> dict[str, str]:
    """What makes another process use the database of `app`."""
    settings = app.extensions["settings"]
    own = {"PORTAL_HOME": str(settings.home), "PORTAL_BASE_URL": settings.base_url}
    return os.environ | own | {"PORTAL_STAFF_SECOND_FACTOR": "off"} | further


@contextmanager
def served(app: Flask) -> Iterator[tuple[int, Process]]:
    """The port on which `portal serve` answers, and its process, until the block is left."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    env = environment_of(app, PORT=str(port))
    with subprocess.Popen(command("serve"), env=env, cwd=HERE, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield port, process
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_for(port: int, process: Process) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise RuntimeError("the server ended")
