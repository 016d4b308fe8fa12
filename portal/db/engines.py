"""The reading and the writing engine, the session that uses them, and what keeps SQLite's writers in order."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Connection
from sqlalchemy.engine import Engine, make_url

from portal.db import connections
from portal.db.locks import WriteLock
from portal.db.spool import Spool
from portal.db.synced_log import SyncedLog
from portal.db.tables import Base

if TYPE_CHECKING:
    from flask import Flask


class Session(BoundSession):
    """A session that uses the reading engine and, inside `writing()`, the writing one."""

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Engine | Connection | None = None, **_: Any
    ) -> Engine | Connection:
        return bind or db.engines[None if "write" in self.info else "reading"]


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": Session, "expire_on_commit": False},
)
session = db.session


class Beside(NamedTuple):
    """What lies beside the file of an SQLite database."""

    #: What its writers wait for.
    lock: WriteLock
    #: What they still have to write.
    spool: Spool
    #: The log with what they have written, which goes into the database by and by.
    log: SyncedLog


_BESIDE: WeakKeyDictionary[Engine, Beside] = WeakKeyDictionary()


def init_app(app: "Flask") -> None:
    """Create the reading and the writing engine; on SQLite also the lock that lets one writer in at a time."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    pool = app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {})
    app.config.setdefault("SQLALCHEMY_BINDS", {"reading": {"url": url, **pool}})
    db.init_app(app)
    with app.app_context():
        for name, engine in db.engines.items():
            connections.prepare(engine, is_reading=name == "reading")
        if url.get_backend_name() == "sqlite" and url.database:
            file = url.database
            _BESIDE[db.engine] = Beside(
                WriteLock(Path(file + ".lock")), Spool(Path(file + ".spool")), SyncedLog(Path(file + "-wal"))
            )


def beside() -> Beside | None:
    """Return what lies beside the database; None on PostgreSQL, which needs none of it."""
    return _BESIDE.get(db.engine)
