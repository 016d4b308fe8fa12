"""What the children of an installation do: web workers answer browsers, the worker sends mail and reads rosters,
and the printing process makes letters for all of them.
"""

import socket
from functools import partial

from flask import Flask

from portal.config import Settings
from portal.documents.printing.channel import CHANNEL
from portal.documents.printing.process import PrintingProcess
from portal.documents.printing.readiness import make_ready
from portal.server import web
from portal.server.tree import ChildProcess, ProcessType
from portal.worker import jobs


def web_workers(app: Flask, count: int) -> ProcessType:
    """Return the type of `count` processes that answer browsers."""
    return ProcessType("web", count, partial(web.answer, app), listens=True)


def worker(app: Flask) -> ProcessType:
    """Return the type of the process that sends mail, reads rosters and does what else is done after the answer."""
    return ProcessType("worker", 1, partial(_run_jobs, app))


def printing(app: Flask) -> ProcessType:
    """Return the type of the process that makes letters. Whatever is forked later asks it for them."""
    return ProcessType("printing", 1, partial(_print, app, CHANNEL.open()), ends_last=True)


def _run_jobs(app: Flask, child: ChildProcess) -> None:
    consumer = jobs.of(app).consumer()
    consumer.start()
    while child.alive:
        child.wait(1)
        consumer.check_worker_health()
    consumer.stop()
    while consumer.is_busy:
        child.wait(0.1)


def _print(app: Flask, channel: socket.socket, child: ChildProcess) -> None:
    settings: Settings = app.extensions["settings"]
    process = PrintingProcess(channel, partial(make_ready, settings.address))
    process.wake_by(child.PIPE[0])

    def goes_on() -> bool:
        child.beat()
        return child.alive

    process.run(goes_on)
