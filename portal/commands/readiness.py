"""The application for a command that acts in it, or one sentence for the operator why it cannot run here."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal.app import create_app
from portal.commands.tables import NotReady as NotReady
from portal.commands.tables import close_connections, require_migrations
from portal.config import Settings


def ready_app(settings: Settings) -> Flask:
    """Return the application, with its keys loaded and its database reachable and up to date.

    Raises NotReady, Refused, WrongSettings or KeysError when it is not.
    """
    if not settings.key_ring.exists():
        raise NotReady(f"Nothing is set up in {settings.home}: run `portal init` first.")
    app = create_app(settings)
    with app.app_context():
        require_migrations()
        close_connections()
    return app


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """Run the block in the context of `ready_app`; close every connection at its end."""
    app = ready_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            close_connections()
