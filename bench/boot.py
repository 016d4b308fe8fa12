"""P9: what it takes to start, and what the whole installation takes while nobody is there."""

import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from bench.rig.district import portal_with
from bench.rig.hello import seconds_of_a_hello
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.server import HERE, Process, command, environment_of, served

PRINTERS = ("xhtml2pdf", "reportlab", "pypdf")
MIB = 1024 * 1024
START = "from portal.app import create_app; create_app()"

#: What the worker says once it waits for work.
READY = b"Guardian Portal sends mail"


def run(report: Report, _scale: Scale) -> None:
    """A school of fifty students on SQLite; `portal serve` with its workers, and `portal worker`."""
    with portal_with(50, schools=1) as app:
        env = environment_of(app)
        took = min(_ran(START, env) for _ in range(3)) - min(_ran("pass", env) for _ in range(3))
        loaded = f"import sys; {START}; sys.exit(any(name in sys.modules for name in {PRINTERS}))"
        report.at_most("P9 boot, hellos", took / seconds_of_a_hello(), 20_000)
        report.at_most("P9 libraries for PDF loaded at start", _status(loaded, env), 0)
        with served(app) as (_port, server), _worker(env) as worker:
            if READY not in (worker.stdout or sys.stdin.buffer).readline():
                raise RuntimeError("the worker did not start")
            web = [_memory(pid) / MIB for pid in _workers_of(server)]
            report.at_most("P9 a web worker, MiB", max(web), 120)
            own = (_memory(server.pid) + _memory(worker.pid)) / MIB
            report.at_most("P9 the whole installation idle, MiB", sum(web) + own, 200)
            worker.terminate()


def _worker(env: dict[str, str]) -> Process:
    return subprocess.Popen(command("worker"), env=env, cwd=HERE, stdout=subprocess.PIPE, bufsize=0)


def _status(program: str, env: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-c", program], env=env, cwd=HERE, check=False).returncode


def _ran(program: str, env: dict[str, str]) -> float:
    start = perf_counter()
    if _status(program, env):
        raise RuntimeError(f"{program!r} failed")
    return perf_counter() - start


def _workers_of(process: Process) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(child) for child in children.split()]


def _memory(pid: int) -> int:
    """Bytes of its own, and its part of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss: +(\d+) kB", lines, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
