"""A minimal app: what letters need of an application, and that the engine has nothing to say against them."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined

import portal
from portal.web import language


@pytest.fixture(autouse=True, scope="module")
def minimal_app():
    app = Flask("minimal app", template_folder=Path(portal.__file__).parent / "templates")
    app.jinja_env.undefined = StrictUndefined
    language.init_app(app)
    with app.app_context():
        yield


@pytest.fixture
def without_concern(caplog):
    """Fails the test in which the engine warned of anything, such as a letter that no typeface has."""
    yield
    assert [record.getMessage() for record in caplog.get_records("call")] == []
