"""`portal serve`: the web server."""

import errno
import gc
import os
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from portal.app import create_app
from portal.commands.readiness import NotReady, ready_app
from portal.config import Settings

#: Workers on SQLite: a second one serves pages while the first one is busy; more only wait for each other to write.
ON_SQLITE = 2

#: Seconds a worker has to finish what it is doing when it is told to end.
LONGEST_GOODBYE = 10


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
    run(settings, workers=settings.workers or _fitting(settings))


def run(settings: Settings, *, workers: int, prepare: Callable[[Flask], Any] | None = None) -> None:
    """Serve until told to end. `prepare` is called in each worker with its application."""
    server = Granian(
        "wsgi:app", address=settings.host, port=settings.port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=1, log_access=False, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=LONGEST_GOODBYE, log_enabled=False,
    )  # fmt: skip
    server.serve(target_loader=partial(_worker, settings, prepare), wrap_loader=False)


def refuse_taken_port(settings: Settings) -> None:
    """Raises NotReady when somebody else listens there: said before workers are started."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
            raise NotReady(f"PORT: {settings.host}:{settings.port} {reason}.") from None


def warm_up(app: Flask, settings: Settings) -> None:
    """Do at start what the first visitor would wait for, and leave what stays out of the collector's rounds."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    browser = app.test_client()
    for path in ("/healthz", "/sign-in"):
        browser.get(path, base_url=settings.address)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _worker(settings: Settings, prepare: Callable[[Flask], Any] | None) -> Flask:
    app = create_app(settings)
    warm_up(app, settings)
    if prepare:
        prepare(app)
    return app


def _fitting(settings: Settings) -> int:
    return min(ON_SQLITE, cores) if settings.database.startswith("sqlite") else cores


cores = os.cpu_count() or 1
