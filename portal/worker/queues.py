"""Where work waits for the worker: a file by default, PostgreSQL or Redis by setting.

All of huey is imported here. It would import the driver of PostgreSQL too, which takes 8 MiB and is not used on SQLite.
"""

import sqlite3
import sys
from importlib.util import find_spec
from urllib.parse import urlsplit

from portal.config import Settings, WrongSettings

sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]  # huey goes without it
from huey import Huey, PostgresHuey, RedisHuey, storage  # noqa: E402
from huey import crontab as crontab  # noqa: E402
from huey.consumer import Consumer as Consumer  # noqa: E402

if sys.modules["psycopg"] is None:
    del sys.modules["psycopg"]

NAME = "portal"

#: Seconds to wait for a server that does not answer.
PATIENCE = 5


def queue_for(settings: Settings) -> Huey:
    """Return the queue these settings choose, after reaching it once. Raises WrongSettings when it cannot be used."""
    scheme = urlsplit(settings.queue).scheme
    if not scheme:
        return _in_a_file(settings)
    return _in_redis(settings.queue) if scheme.startswith("redis") else _in_postgresql(settings.queue)


def queue_errors(settings: Settings) -> tuple[type[Exception], ...]:
    """Return the exceptions raised when the queue takes nothing: a full disk, a server that is gone."""
    scheme = urlsplit(settings.queue).scheme
    if not scheme:
        return (sqlite3.Error,)
    if not scheme.startswith("redis"):
        import psycopg  # noqa: PLC0415

        return (psycopg.Error,)
    from redis import RedisError  # noqa: PLC0415 - an extra: it may not be installed

    return (RedisError,)


class _File(storage.SqliteStorage):  # type: ignore[misc]  # published without types
    """A queue that waits for the disk at checkpoints only: after a power failure the sweep finds what it lost."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def _in_a_file(settings: Settings) -> Huey:
    queue = Huey(
        NAME, storage_class=_File, filename=str(settings.home / "jobs.db"), results=False, cache_mb=1
    )
    queue.storage.close()  # connections are made where they are used: never before a fork
    return queue


def _in_postgresql(address: str) -> Huey:
    import psycopg  # noqa: PLC0415

    storage.psycopg = psycopg
    try:
        queue = PostgresHuey(NAME, dsn=address, results=False, connect_timeout=PATIENCE)
    except psycopg.Error as error:
        raise WrongSettings(f"PORTAL_QUEUE: PostgreSQL does not take us ({type(error).__name__}).") from None
    queue.storage.close()
    return queue


def _in_redis(address: str) -> Huey:
    if find_spec("redis") is None:
        raise WrongSettings(
            "PORTAL_QUEUE: redis:// needs the package redis: pip install 'guardian-portal[redis]'."
        )
    from redis import ConnectionPool, RedisError  # noqa: PLC0415

    pool = ConnectionPool.from_url(address, socket_connect_timeout=PATIENCE)
    queue = RedisHuey(NAME, connection_pool=pool, results=False)
    try:
        queue.storage.conn.ping()
    except RedisError as error:
        raise WrongSettings(f"PORTAL_QUEUE: Redis does not answer ({type(error).__name__}).") from None
    pool.disconnect()
    return queue
