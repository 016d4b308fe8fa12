"""`portal serve` and `portal worker`: run the web server, and the process that sends mail and reads rosters."""

import errno
import gc
import logging
import os
import socket
from collections.abc import Callable
from functools import partial

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from portal.app import create_app
from portal.commands.readiness import NotReady, ready_app
from portal.config import Settings
from portal.mail import envelope
from portal.worker import jobs

CORES = os.cpu_count() or 1

#: Web workers on SQLite. A second one serves pages while the first is busy; more would wait for each other to write.
WORKERS_ON_SQLITE = 2

#: Seconds a web worker has to finish its requests when it is told to end.
SECONDS_TO_STOP = 10


@click.command("serve")
def serve() -> None:
    """Answer browsers, on PORTAL_HOST and PORT."""
    settings = Settings.read()
    ready_app(settings)
    refuse_taken_port(settings)
    if not settings.base_url:
        click.echo(
            "portal: PORTAL_BASE_URL is not set: links and letters will only work on this machine.", err=True
        )
    click.echo(f"Guardian Portal answers at {settings.address}")
    run(settings, workers=settings.workers or _default_workers(settings))


@click.command("worker")
def worker() -> None:
    """Send mail and read rosters, until told to end. One such process is enough."""
    settings = Settings.read()
    app = ready_app(settings)
    envelope.sender(settings)  # refuse a wrong PORTAL_MAIL_FROM now, not at the first mail
    logging.getLogger("huey").setLevel(logging.WARNING)
    click.echo("Guardian Portal sends mail and reads rosters.")
    jobs.of(app).consumer().run()


def run(settings: Settings, *, workers: int, prepare: Callable[[Flask], None] | None = None) -> None:
    """Serve until told to end. `prepare` is called in each worker process with its application."""
    server = Granian(
        "wsgi:app", address=settings.host, port=settings.port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=1, log_access=False, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=SECONDS_TO_STOP, log_enabled=False,
    )  # fmt: skip
    server.serve(target_loader=partial(_warm_app, settings, prepare), wrap_loader=False)


def refuse_taken_port(settings: Settings) -> None:
    """Raise NotReady when the port cannot be used, before workers are started."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
            raise NotReady(f"PORT: {settings.host}:{settings.port} {reason}.") from None


def warm_up(app: Flask, settings: Settings) -> None:
    """Compile the templates and answer two pages, so that the first visitor does not wait.

    What was made until then is taken out of the garbage collector's care, because it stays until the end.
    """
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    browser = app.test_client()
    for path in ("/healthz", "/sign-in"):
        browser.get(path, base_url=settings.address)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _warm_app(settings: Settings, prepare: Callable[[Flask], None] | None) -> Flask:
    app = create_app(settings)
    warm_up(app, settings)
    if prepare:
        prepare(app)
    return app


def _default_workers(settings: Settings) -> int:
    return min(WORKERS_ON_SQLITE, CORES) if settings.database.startswith("sqlite") else CORES
