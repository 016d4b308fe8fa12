"""One blueprint per noun: index, show, create, update, delete, and nothing else."""

from flask import Flask

from portal.views import health

BLUEPRINTS = (health.bp,)


def init_app(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
