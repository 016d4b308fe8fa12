"""The table of counted tries, in the database so that it holds across workers and restarts. Limits: throttle.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import LargeBinary, bindparam, case, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.db.dialects import insert


class ThrottleCount(Base):
    """How many tries there were under one key."""

    __tablename__ = "throttle_counts"

    #: A keyed hash of what is counted: no address or email is stored.
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    last_try_at: Mapped[datetime]
    #: When counting starts again from nothing.
    resets_at: Mapped[datetime]

    @classmethod
    def add(cls, key: bytes, seconds: int) -> int:
        """Count one try under `key`, and return how many there are now.

        The first one begins a time of `seconds`, after which counting starts again.
        """
        now = clock.now()
        fresh = {"key": key, "tries": 1, "last_try_at": now, "resets_at": now + timedelta(seconds=seconds)}
        counted = _counting(db.engine.dialect.name)
        tries: int = db.session.connection().execute(counted, fresh).scalar_one()
        return tries

    @classmethod
    def running(cls, keys: Sequence[bytes]) -> Mapping[bytes, Any]:
        """Return, by key, the rows of those `keys` whose time is not over."""
        rows = db.session.connection().execute(_RUNNING, {"wanted": keys, "now": clock.now()})
        return {row.key: row for row in rows}

    @classmethod
    def forget(cls, key: bytes) -> None:
        """Delete the count under `key`."""
        db.session.execute(delete(cls).where(cls.key == key))


_RUNNING = select(ThrottleCount.__table__).where(
    ThrottleCount.key.in_(bindparam("wanted", expanding=True)), ThrottleCount.resets_at > bindparam("now")
)


@cache
def _counting(_dialect: str) -> Any:
    table = ThrottleCount.__table__
    statement = insert(table)
    new = statement.excluded
    is_over = table.c.resets_at <= new.last_try_at
    then = {
        "tries": case((is_over, 1), else_=table.c.tries + 1),
        "last_try_at": new.last_try_at,
        "resets_at": case((is_over, new.resets_at), else_=table.c.resets_at),
    }
    return statement.on_conflict_do_update(index_elements=["key"], set_=then).returning(table.c.tries)
