"""The transaction recipe is in force on every connection."""

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text, update

from portal import db
from portal.config import Settings
from portal.models import Student
from tests import elsewhere, rows

#: As SQLite reads them back: temp_store 2 is MEMORY.
PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "busy_timeout": 15000,
    "trusted_schema": 0,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "mmap_size": 0,
    "cache_size": -20000,
    "temp_store": 2,
}

#: How thoroughly SQLite itself syncs a commit. A writer of ours syncs once more, outside the lock.
NORMAL, FULL = 1, 2

#: Commits once per line that it prints, and prints the line when the commit has come back.
SAVER = """
import sys
from portal import db
from portal.app import create_app
from portal.models import Event, EventKind

with create_app().app_context():
    for number in range(5):
        with db.writing():
            Event.record(EventKind.WRONG_CODE_TRIED, number=number)
        print("saved", number, flush=True)
"""

SYNC_OF_WAL = re.compile(r"f(?:data)?sync\(\d+<[^>]*portal\.db-wal>\) += 0")


@pytest.fixture
def sqlite(app: Flask) -> None:
    if db.db.engine.dialect.name != "sqlite":
        pytest.skip("a matter of SQLite")


@pytest.fixture
def postgresql(app: Flask) -> None:
    if db.db.engine.dialect.name != "postgresql":
        pytest.skip("a matter of PostgreSQL")


@pytest.mark.parametrize(("engine", "is_read_only"), [(None, 0), ("reading", 1)])
def test_every_connection_to_sqlite_is_set_up(sqlite: None, engine: str | None, is_read_only: int):
    with db.db.engines[engine].connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
        query_only = connection.exec_driver_sql("PRAGMA query_only").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    assert found == PRAGMAS
    assert query_only == is_read_only
    assert synchronous == (FULL if is_read_only else NORMAL)


@pytest.mark.parametrize(
    ("engine", "begin"), [(None, "BEGIN IMMEDIATE"), ("reading", "BEGIN DEFERRED")], ids=str
)
def test_a_transaction_on_sqlite_says_at_once_whether_it_writes(sqlite: None, engine: str | None, begin: str):
    said: list[str] = []
    event.listen(
        db.db.engines[engine],
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: said.append(statement),
    )

    with db.db.engines[engine].begin() as connection:
        connection.execute(text("SELECT 1"))

    assert said == [begin, "SELECT 1"]


def test_an_error_does_not_say_which_values_it_was_about(app: Flask):
    rows.guardian("Grace Sullivan")

    with pytest.raises(Exception, match="email") as error:
        rows.guardian("Grace Sullivan")

    assert "parameters hidden" in str(error.value)


def test_postgresql_syncs_each_commit(postgresql: None):
    with db.writing():
        assert db.session.scalar(text("SHOW synchronous_commit")) == "on"


@pytest.mark.parametrize("engine", [None, "reading"])
def test_postgresql_compiles_no_statement(postgresql: None, engine: str | None):
    with db.db.engines[engine].connect() as connection:
        assert connection.scalar(text("SHOW jit")) == "off"


def test_of_two_that_block_each_other_postgresql_lets_both_finish(app: Flask, postgresql: None):
    school = rows.school()
    mia, noah = rows.student(school).id, rows.student(school, "Noah Sullivan").id
    tries, both_hold_one = [], threading.Barrier(2)

    def add_to_both(first: int, second: int) -> None:
        tries.append(first)
        add_one(first)
        if len(tries) <= 2:
            both_hold_one.wait()
        add_one(second)

    elsewhere.at_once(
        app,
        [
            lambda: db.retrying(lambda: add_to_both(mia, noah)),
            lambda: db.retrying(lambda: add_to_both(noah, mia)),
        ],
    )

    assert elsewhere.read("SELECT sum(guardian_limit) FROM students") == 6 + 6 + 4
    assert len(tries) == 3, "the one that was chosen to give way tries once more"


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_saved_is_said_only_after_the_disk_has_it(sqlite: None, settings: Settings, tmp_path: Path):
    db.db.engine.dispose()  # the last to leave writes the log back into the file
    db.db.engines["reading"].dispose()
    shutil.copy(settings.home / "portal.db", tmp_path / "portal.db")
    shutil.copy(settings.key_ring, tmp_path / "keys.json")

    calls = traced([sys.executable, "-c", SAVER], home=tmp_path)

    for span in re.split(r"write\(1<[^>]*>, \"saved", calls)[:-1]:
        assert SYNC_OF_WAL.search(span), calls


def add_one(student_id: int) -> None:
    db.session.execute(
        update(Student).where(Student.id == student_id).values(guardian_limit=Student.guardian_limit + 1)
    )


def traced(command: list[str], *, home: Path) -> str:
    """The system calls that sync or say something; skips where tracing is not allowed."""
    log = home / "calls"
    wanted = "--trace=fsync,fdatasync,write"
    run = subprocess.run(
        [
            "strace",
            "--seccomp-bpf",
            "--follow-forks",
            "--decode-fds=path",
            wanted,
            f"--output={log}",
            *command,
        ],
        env={"PORTAL_HOME": str(home), "PATH": os.defpath},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if "Operation not permitted" in run.stderr:
        pytest.skip("this machine does not let one process trace another")
    assert run.stdout.count("saved") == 5, run.stderr
    return log.read_text(errors="replace")
