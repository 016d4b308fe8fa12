"""The web application, put together: a table of contents."""

from flask import Flask

from portal import db, views
from portal.config import Settings
from portal.crypto import keys
from portal.models.accounts import throttle
from portal.web import (
    assets,
    disclosures,
    errors,
    guard,
    headers,
    htmx,
    kept,
    language,
    logs,
    navigation,
    patterns,
    templating,
    visits,
)
from portal.worker import jobs

#: What is put in, in this order: errors first, so that nothing is asked of a request that the server refuses.
PARTS = (
    errors, assets, headers, guard, htmx, disclosures, kept, templating, patterns, navigation,
    visits, views, jobs,
)  # fmt: skip

#: Bytes; rosters may be larger, see portal.worker.uploads.
LARGEST_REQUEST = 2 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The web application. Reads the environment when no `settings` are given.

    Raises WrongSettings or KeysError, with a sentence for the operator, when it cannot run safely.
    """
    settings = settings or Settings.read()
    keys.use(keys.KeyRing.load(settings.key_ring))
    throttle.school_networks = settings.networks_of_schools

    app = Flask("portal", static_folder=None)
    app.extensions["settings"] = settings
    app.config.update(
        headers.settings_for_flask(settings),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=_pool(settings.threads),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
    )

    logs.init_app(app)
    db.init_app(app)
    language.init_app(app)
    for part in PARTS:
        part.init_app(app)
    return app


def _pool(threads: int) -> dict[str, object]:
    """Return the options by which each thread of a web worker can have a connection.

    The last one that was given back is taken first, so that few have caches of their own.
    """
    return {"pool_size": threads, "max_overflow": 2 * threads + 8, "pool_use_lifo": True}
