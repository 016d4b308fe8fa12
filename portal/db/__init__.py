"""The database: a reading and a writing engine, write transactions (`writing`), and the base of the tables."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Connection, DateTime, Dialect, MetaData, TypeDecorator, inspect
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, registry

from portal.db import connections
from portal.db.locks import WriteLock
from portal.policy.reach import Scoped as Scoped
from portal.text.refusal import Refusal

if TYPE_CHECKING:
    from flask import Flask

_T = TypeVar("_T")


class Refused(Refusal):
    """A rule of the product forbids the act. The message is a sentence for the person."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with a time zone, stored in UTC. SQLite stores no zone, so UTC is added on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: How constraints and indexes are named, so that migrations can refer to them on both databases.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base class of all tables; a column of type datetime is a UtcDateTime."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES), type_annotation_map={datetime: UtcDateTime()}
    )


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

#: What writers of an SQLite database wait for, by its writing engine.
_LOCKS: WeakKeyDictionary[Engine, WriteLock] = WeakKeyDictionary()


class _Write:
    """An open write transaction. Once it has been committed or rolled back, further calls do nothing."""

    def __init__(self) -> None:
        self._lock: AbstractContextManager[None] = _lock()
        self._lock.__enter__()
        self._after_commit: list[Callable[[], None]] = []
        self.is_open = True

    def commit(self) -> None:
        if self.is_open:
            try:
                db.session.commit()
            except BaseException:
                self.roll_back()
                raise
            self._close()
            db.session.info["committed"] = True
            for call in self._after_commit:
                call()

    def roll_back(self) -> None:
        if self.is_open:
            try:
                db.session.rollback()
            finally:
                self._close()

    def after_commit(self, call: Callable[[], None]) -> None:
        self._after_commit.append(call)

    def _close(self) -> None:
        self.is_open = False
        db.session.info.pop("write", None)
        self._lock.__exit__(None, None, None)


@contextmanager
def writing() -> Iterator[None]:
    """Run the block in a write transaction: an exception rolls it back, otherwise it is committed.

    Inside another `writing` block, join its transaction, which its own end commits.
    """
    if "write" in db.session.info:
        yield
        return
    db.session.rollback()
    _expire()
    write = db.session.info["write"] = _Write()
    try:
        yield
    except BaseException:
        write.roll_back()
        raise
    write.commit()


def _expire() -> None:
    """Let rows that were loaded before be read again, because they may have changed before the lock was taken."""
    for row in db.session:
        if not inspect(row).expired:
            db.session.expire(row)


def retrying(work: Callable[[], _T]) -> _T:
    """Call `work` in a write transaction and return its result.

    When PostgreSQL aborts the transaction because of a deadlock or a serialization failure, call it again, up to
    twice. Inside another transaction, join it; then that one has to be repeated as a whole.
    """
    if "write" in db.session.info:
        return work()
    for tries_left in (2, 1, 0):
        try:
            with writing():
                return work()
        except OperationalError as error:
            if not tries_left or getattr(error.orig, "sqlstate", None) not in {"40001", "40P01"}:
                raise
    raise AssertionError("unreachable")


def commit_now() -> None:
    """Commit the open write transaction, if there is one, before the answer is rendered (decision 5)."""
    if "write" in db.session.info:
        db.session.info["write"].commit()


def has_committed() -> bool:
    """Whether this request has committed a write transaction."""
    return bool(db.session.info.get("committed"))


def after_commit(call: Callable[[], None]) -> None:
    """Call `call` after the open write transaction has been committed; never when it is rolled back."""
    db.session.info["write"].after_commit(call)


def init_app(app: "Flask") -> None:
    """Create the reading and the writing engine; on SQLite also the lock that lets one writer in at a time."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    app.config.setdefault("SQLALCHEMY_BINDS", {"reading": {"url": url}})
    db.init_app(app)
    with app.app_context():
        for name, engine in db.engines.items():
            connections.prepare(engine, is_reading=name == "reading")
        if url.get_backend_name() == "sqlite" and url.database:
            _LOCKS[db.engine] = WriteLock(Path(url.database + ".lock"))


def _lock() -> AbstractContextManager[None]:
    lock = _LOCKS.get(db.engine)
    return lock.held() if lock else nullcontext()
