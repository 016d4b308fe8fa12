"""The installation as it is started by systemd, in processes of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from bench.rig import processes

HERE = Path(__file__).parent.parent.parent

#: What the units of deploy/ start.
STARTED = re.compile(r"^ExecStart=\S*/portal (.+)$", re.MULTILINE)


class Installation(NamedTuple):
    """A running installation: its port, and the processes that systemd would have started."""

    port: int
    started: Sequence[subprocess.Popen[bytes]]

    @property
    def pids(self) -> list[int]:
        """All of its processes."""
        return processes.family(process.pid for process in self.started)

    def settle(self) -> None:
        """Wait until it does nothing."""
        processes.settle(process.pid for process in self.started)


def command(*words: str) -> list[str]:
    """`portal …` with this very Python."""
    return [sys.executable, "-c", "from portal.cli import main; main()", *words]


def environment_of(app: Flask, **further: str) -> dict[str, str]:
    """What makes another process use the database of `app`."""
    settings = app.extensions["settings"]
    own = {
        "PORTAL_HOME": str(settings.home),
        "PORTAL_BASE_URL": settings.base_url,
        "DATABASE_URL": settings.database_url,
        "PORTAL_STAFF_SECOND_FACTOR": "off",
    }
    return os.environ | own | further


@contextmanager
def installed(app: Flask, **environment: str) -> Iterator[Installation]:
    """Everything that an installation runs, on the database of `app`, once it answers and until the block is left."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    env = environment_of(app, PORT=str(port), **environment)
    with ExitStack() as stack:
        started = [stack.enter_context(_running(words, env)) for words in _units()]
        _wait_for(port, started)
        yield Installation(port, started)


def _units() -> list[list[str]]:
    units = sorted((HERE / "deploy").glob("*.service"), reverse=True)
    return [words.split() for unit in units for words in STARTED.findall(unit.read_text(encoding="utf-8"))]


@contextmanager
def _running(words: Sequence[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command(*words), env=env, cwd=HERE, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            descendants = processes.family([process.pid])
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                for pid in descendants:
                    os.kill(pid, signal.SIGKILL)


def _wait_for(port: int, started: Sequence[subprocess.Popen[bytes]]) -> None:
    while all(process.poll() is None for process in started):
        try:
            with urlopen(f"http://localhost:{port}/healthz", timeout=60):
                return
        except URLError:
            continue
    raise RuntimeError("the installation ended")
