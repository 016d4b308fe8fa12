"""The web server answers, and forked workers stay apart."""

import multiprocessing
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from sqlalchemy import text

from portal import db
from portal.app import create_app
from tests.commands.installing import Run, database, home, installed, keys_of_other_tests, run

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures


def test_it_serves(installed: Run):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from portal.cli import main; main()", "serve"]
    with subprocess.Popen(
        command,
        env=os.environ | {"PORT": str(port)},  # noqa: TID251
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parent.parent,
    ) as process:
        try:
            answer = _opened(f"http://127.0.0.1:{port}/healthz", process)
            process.terminate()
            process.wait(timeout=60)
        finally:
            process.kill()
    assert answer == b'{"status":"ok"}\n'


def _opened(address: str, process: subprocess.Popen[str]) -> bytes:
    """What the address answers, as soon as somebody listens there."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
    raise AssertionError(process.stdout.read() if process.stdout else "it ended")


def test_a_forked_process_makes_connections_of_its_own(installed: Run):
    """As under a server that loads the application before it forks its workers."""
    app = create_app()
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        before = [
            db.db.engines[name].pool.checkedin() + db.db.engines[name].pool.checkedout()
            for name in db.db.engines
        ]
        child = multiprocessing.get_context("fork").Process(target=_use_no_inherited_connection)
        child.start()
        child.join()
        db.session.remove()
        for engine in db.db.engines.values():
            engine.dispose()
    assert any(before)
    assert child.exitcode == 0


def _use_no_inherited_connection() -> None:
    pools = [engine.pool.checkedin() for engine in db.db.engines.values()]
    os._exit(sum(pools))
