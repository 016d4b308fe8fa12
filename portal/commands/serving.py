"""`portal serve` and `portal worker`: run the installation, or the process that sends mail and reads rosters alone."""

import errno
import gc
import logging
import os
import socket

import click
from flask import Flask
from gunicorn import systemd

from portal.commands.readiness import NotReady, ready_app
from portal.commands.tables import close_connections
from portal.config import Settings
from portal.mail import envelope
from portal.server import process_types
from portal.server.tree import Tree
from portal.worker import jobs

CORES = os.cpu_count() or 1

#: Web workers on SQLite. A second one serves pages while the first is busy; more would wait for each other to write.
WORKERS_ON_SQLITE = 2

#: Connections that wait to be accepted, at most.
BACKLOG = 2048


@click.command("serve")
@click.option("--without-worker", is_flag=True, help="Leave mail and rosters to `portal worker`.")
def serve(*, without_worker: bool) -> None:
    """Answer browsers on PORTAL_HOST and PORT, send mail and read rosters."""
    settings = Settings.read()
    app = ready_app(settings)
    envelope.sender(settings)  # refuse a wrong PORTAL_MAIL_FROM now, not at the first mail
    listener = listen(settings)
    if not settings.base_url:
        click.echo(
            "portal: PORTAL_BASE_URL is not set: links and letters will only work on this machine.", err=True
        )
    click.echo(f"Guardian Portal answers at {settings.address}")
    run(app, listener, workers=settings.workers or _default_workers(settings), with_worker=not without_worker)


@click.command("worker")
def worker() -> None:
    """Send mail and read rosters, beside `portal serve --without-worker`."""
    settings = Settings.read()
    app = ready_app(settings)
    envelope.sender(settings)
    logging.getLogger("huey").setLevel(logging.WARNING)
    click.echo("Guardian Portal sends mail and reads rosters.")
    jobs.of(app).consumer().run()


def listen(settings: Settings) -> socket.socket:
    """Return the socket of the port: systemd's, if it has made one. Raises NotReady when the port cannot be used."""
    if systemd.listen_fds():
        return socket.socket(fileno=systemd.SD_LISTEN_FDS_START)
    try:
        return socket.create_server(
            (settings.host, settings.port), backlog=BACKLOG,
            family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
        )  # fmt: skip
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise NotReady(f"PORT: {settings.host}:{settings.port} {reason}.") from None


def run(app: Flask, listener: socket.socket, *, workers: int, with_worker: bool = True) -> None:
    """Answer browsers who come to `listener` by so many web workers, until told to end; then end the process."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    wanted = [process_types.printing(app), process_types.web_workers(app, workers)]
    if with_worker:
        wanted.append(process_types.worker(app))
    warm_up(app)
    Tree(app, wanted, [listener]).run()


def warm_up(app: Flask) -> None:
    """Compile the templates and answer two pages, so that the first visitor does not wait.

    What was made until then is taken out of the garbage collector's care: it stays until the end, and a collector
    that touched it would give every forked process a copy of its own.
    """
    settings: Settings = app.extensions["settings"]
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    browser = app.test_client()
    for path in ("/healthz", "/sign-in"):
        browser.get(path, base_url=settings.address)
    with app.app_context():
        close_connections()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _default_workers(settings: Settings) -> int:
    return min(WORKERS_ON_SQLITE, CORES) if settings.database.startswith("sqlite") else CORES
