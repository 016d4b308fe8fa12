"""What pages need of an application and nothing more: templates and translations, without a database or a key."""

from pathlib import Path

from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined

PORTAL = Path(__file__).parent.parent


def press_room() -> Flask:
    """An application in whose context letters can be laid out, in a process that does nothing else."""
    room = Flask("press room", template_folder=PORTAL / "templates", static_folder=None)
    room.jinja_env.undefined = StrictUndefined
    room.jinja_env.trim_blocks = room.jinja_env.lstrip_blocks = True
    Babel(room, default_translation_directories=str(PORTAL / "translations"))
    return room
