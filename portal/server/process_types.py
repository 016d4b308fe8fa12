"""What the children of an installation do: web workers answer browsers, the worker sends mail and reads rosters."""

from functools import partial

from flask import Flask

from portal.server import web
from portal.server.tree import ChildProcess, ProcessType
from portal.worker import jobs


def web_workers(app: Flask, count: int) -> ProcessType:
    """Return the type of `count` processes that answer browsers."""
    return ProcessType("web", count, partial(web.answer, app), listens=True)


def worker(app: Flask) -> ProcessType:
    """Return the type of the process that sends mail, reads rosters and does what else is done after the answer."""
    return ProcessType("worker", 1, partial(_run_jobs, app))


def _run_jobs(app: Flask, child: ChildProcess) -> None:
    consumer = jobs.of(app).consumer()
    consumer.start()
    while child.alive:
        child.wait(1)
        consumer.check_worker_health()
    consumer.stop()
    while consumer.is_busy:
        child.wait(0.1)
