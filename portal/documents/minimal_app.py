"""The minimal application: what letters need of one, and nothing that could read the database."""

from functools import cache
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from portal.web import language

PORTAL = Path(__file__).parent.parent


@cache
def minimal_app() -> Flask:
    """Return an application in whose context letters can be laid out, for a process that does nothing else."""
    app = Flask("minimal app", template_folder=PORTAL / "templates", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.init_app(app)
    return app
