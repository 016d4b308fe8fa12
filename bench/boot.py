"""P9: what it takes to start, to restart and to run a command; memory of the installation, idle and under load."""

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import cycle
from threading import Event, Thread
from time import perf_counter

from flask import Flask

from bench.rig import processes
from bench.rig.clients import Phone, crowd, get
from bench.rig.district import a_guardian, browser_of, office, portal_with
from bench.rig.hello import seconds_of_a_hello
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.server import HERE, Installation, command, environment_of, installed

PRINTERS = ("xhtml2pdf", "reportlab", "pypdf")
START = "from portal.app import create_app; app = create_app()"
ANSWER = f"{START}; app.test_client().get('/sign-in')"

#: How many browsers ask at once when memory under load is read, and for how many seconds.
AT_ONCE, LOADED = 16, 10


def run(report: Report, scale: Scale) -> None:
    """On a small school, all that an installation runs; times are of the processor, bytecode is compiled."""
    with portal_with(scale.of(500, smallest=20), schools=1) as app:
        env = environment_of(app)
        _report_starting(report, env, scale)
        with installed(app) as installation:
            installation.settle()
            spent = processes.cpu_seconds(installation.pids)
            report.at_most("P9 a restart, seconds of processor", spent, 5)
            idle = processes.pss(installation.pids)
            report.at_most("P9 the whole installation idle, MiB", idle, 180)
            loaded = _under_load(app, installation, seconds=scale.of(LOADED, smallest=1))
            report.at_most("P9 the whole installation under load, MiB", loaded, 280)


def _report_starting(report: Report, env: dict[str, str], scale: Scale) -> None:
    rounds = scale.of(3, smallest=1)
    bare = min(_cpu([sys.executable, "-c", "pass"], env) for _ in range(rounds))
    started = min(_cpu([sys.executable, "-c", START], env) for _ in range(rounds))
    report.at_most("P9 boot, hellos", (started - bare) / seconds_of_a_hello(), 12_000)
    helped = min(_cpu(command("--help"), env) for _ in range(rounds))
    report.at_most("P9 portal --help, seconds of processor", helped, 1)
    loaded = f"import sys; {ANSWER}; sys.exit(sum(name in sys.modules for name in {PRINTERS}))"
    found = subprocess.run([sys.executable, "-c", loaded], env=env, cwd=HERE, check=False).returncode
    report.at_most("P9 libraries for PDF in a process that answers", found, 0)


def _cpu(words: Sequence[str], env: dict[str, str]) -> float:
    with subprocess.Popen(words, env=env, cwd=HERE, stdout=subprocess.DEVNULL) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} failed")
    return usage.ru_utime + usage.ru_stime


def _under_load(app: Flask, installation: Installation, *, seconds: float) -> float:
    """Return the most MiB that it takes while families and the office ask for pages."""
    with app.app_context():
        family = Phone.of(app, browser_of(app, a_guardian()))
        clerk = Phone.of(app, browser_of(app, office()))
    asked = [(family, "/family"), (clerk, "/students"), (clerk, "/portal-access"), (clerk, "/students/grid")]
    over, seen = Event(), [0.0]

    def look() -> None:
        while not over.wait(0.25):
            seen.append(processes.pss(installation.pids))

    watching = Thread(target=look)
    watching.start()
    crowd([lambda each=each: _ask_for(installation.port, asked, each, seconds) for each in range(AT_ONCE)])
    over.set()
    watching.join()
    return max(seen)


def _ask_for(port: int, asked: Sequence[tuple[Phone, str]], first: int, seconds: float) -> None:
    until = perf_counter() + seconds
    for phone, address in cycle(asked[first % len(asked) :] + asked[: first % len(asked)]):
        if perf_counter() > until:
            return
        get(port, phone, address)
