"""The minimal app: what letters need of an application, templates and translations, without a database or a key."""

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from portal.web import language

PORTAL = Path(__file__).parent.parent


def minimal_app() -> Flask:
    """An application in whose context letters can be laid out, in a process that does nothing else."""
    app = Flask("minimal app", template_folder=PORTAL / "templates", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.init_app(app)
    return app
