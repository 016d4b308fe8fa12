"""Write transactions: returning commits, raising rolls back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from portal.db.engines import beside, db

_T = TypeVar("_T")


class _Write:
    """An open write transaction. Once it has been committed or rolled back, further calls do nothing."""

    def __init__(self, patience: float | None) -> None:
        self._lock = _lock(patience)
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
            sync()
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
def writing(*, patience: float | None = None) -> Iterator[None]:
    """Run the block in a write transaction: an exception rolls it back, otherwise it is committed.

    Inside another `writing` block, join its transaction, which its own end commits. Raises Busy when, on SQLite,
    other writers have kept the lock for `patience` seconds; without `patience`, wait for as long as they take.
    """
    if "write" in db.session.info:
        yield
        return
    db.session.rollback()
    _expire()
    write = db.session.info["write"] = _Write(patience)
    try:
        yield
    except BaseException:
        write.roll_back()
        raise
    write.commit()


@contextmanager
def write_connection(*, patience: float | None = None) -> Iterator[Connection]:
    """Yield a connection with a write transaction that is none of the session's: for a few prebuilt statements.

    It costs less than `writing`, and must not be opened inside it. Raises Busy as `writing` does.
    """
    with _lock(patience), db.engine.begin() as connection:
        yield connection
    sync()


def see_anew() -> None:
    """Let what is read from now on be what is committed by now; inside `writing`, it is that already."""
    if "write" not in db.session.info:
        db.session.rollback()


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


def sync() -> None:
    """Return when the disk has what is committed. Raises OperationalError when the disk fails."""
    found = beside()
    try:
        if found:
            found.log.sync()
    except OSError as error:
        raise OperationalError("(sync)", None, error) from error


def _lock(patience: float | None) -> AbstractContextManager[None]:
    found = beside()
    return found.lock.held(patience) if found else nullcontext()
