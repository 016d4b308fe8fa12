"""What is acknowledged is stored, what is refused leaves nothing, and nobody's update is lost."""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from portal import db
from portal.db import synced_log
from portal.db.synced_log import SyncedLog
from portal.models import Student
from portal.policy.permissions import Permission
from tests import elsewhere, rows

THREADS, TIMES = 8, 60
READ_ONLY = r"read-?only"


@pytest.fixture
def commits(app: Flask) -> Iterator[list[str]]:
    """Grows by one with each commit of a write transaction."""
    seen: list[str] = []

    def note(_connection: object) -> None:
        seen.append("commit")

    event.listen(db.db.engine, "commit", note)
    yield seen
    event.remove(db.db.engine, "commit", note)


@pytest.fixture
def log(app: Flask) -> SyncedLog:
    found = db.beside()
    if found is None:
        pytest.skip("PostgreSQL syncs by itself")
    return found.log


def test_no_increment_is_lost_among_threads(app: Flask, mia: Student):
    elsewhere.at_once(app, [lambda: [increment(mia.id) for _time in range(TIMES)]] * THREADS)

    assert limit_of(mia) == 6 + THREADS * TIMES


def test_a_transaction_that_may_write_keeps_others_out_from_its_first_read(app: Flask, mia: Student):
    with db.writing():
        mia.lock()

        with pytest.raises(DBAPIError, match="lock"):
            elsewhere.write("UPDATE students SET guardian_limit = 7")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE students SET guardian_limit = 99",
        "INSERT INTO networks (name, public_id) VALUES ('Ours', 'x')",
        "DELETE FROM students",
        "CREATE TABLE scraps (id INTEGER)",
        "DROP TABLE students",
    ],
)
def test_outside_a_write_transaction_nothing_can_be_written(app: Flask, mia: Student, statement: str):
    with pytest.raises(DBAPIError, match=READ_ONLY):
        db.session.execute(text(statement))
    db.session.rollback()

    assert limit_of(mia) == 6


def test_leaving_commits(mia: Student, commits: list[str]):
    with db.writing():
        mia.guardian_limit = 7

    assert limit_of(mia) == 7
    assert commits == ["commit"]


def test_the_disk_is_waited_for_when_the_next_writer_has_been_let_in(
    mia: Student, log: SyncedLog, monkeypatch: pytest.MonkeyPatch
):
    seen: list[int] = []

    def look(_log: SyncedLog) -> None:
        with db.beside().lock.held(patience=0):
            seen.append(limit_of(mia))

    monkeypatch.setattr(SyncedLog, "sync", look)
    with db.writing():
        mia.guardian_limit = 7
    with db.write_connection() as connection:
        connection.execute(text("UPDATE students SET guardian_limit = 8"))

    assert seen == [7, 8]


def test_what_waits_for_the_commit_waits_for_the_disk(
    mia: Student, log: SyncedLog, monkeypatch: pytest.MonkeyPatch
):
    seen: list[str] = []
    monkeypatch.setattr(SyncedLog, "sync", lambda _log: seen.append("synced"))
    with db.writing():
        db.after_commit(lambda: seen.append("announced"))

    assert seen == ["synced", "announced"]


def test_a_disk_that_fails_is_an_error_of_the_database(
    mia: Student, log: SyncedLog, monkeypatch: pytest.MonkeyPatch
):
    seen: list[str] = []
    monkeypatch.setattr(synced_log, "_sync", fail)
    with pytest.raises(DBAPIError, match="sync"), db.writing():
        db.after_commit(lambda: seen.append("announced"))

    assert seen == []


def test_a_log_that_is_gone_stands_in_the_database(tmp_path: Path):
    SyncedLog(tmp_path / "portal.db-wal").sync()


def test_raising_rolls_back(mia: Student, commits: list[str]):
    with pytest.raises(ZeroDivisionError), db.writing():
        half_of_something(mia)

    assert limit_of(mia) == 6
    assert commits == []


def test_a_nested_write_transaction_joins_the_outer_one(mia: Student, commits: list[str]):
    with db.writing():
        with db.writing():
            mia.guardian_limit = 7
        assert commits == []

    assert commits == ["commit"]
    assert limit_of(mia) == 7


def test_raising_in_a_nested_one_rolls_both_back(mia: Student):
    with pytest.raises(ZeroDivisionError), db.writing(), db.writing():
        half_of_something(mia)

    assert limit_of(mia) == 6


def test_concluding_commits_once_and_early(mia: Student, commits: list[str]):
    with db.writing():
        mia.guardian_limit = 7
        db.commit_now()
        assert limit_of(mia) == 7
        db.commit_now()

    assert commits == ["commit"]


def test_what_goes_wrong_after_concluding_takes_nothing_back(mia: Student):
    with pytest.raises(ZeroDivisionError), db.writing():
        half_of_something(mia, then=db.commit_now)

    assert limit_of(mia) == 7


def test_after_concluding_nothing_more_can_be_written(mia: Student):
    with db.writing():
        db.commit_now()

        with pytest.raises(DBAPIError, match=READ_ONLY):
            db.session.execute(text("UPDATE students SET guardian_limit = 99"))
        db.session.rollback()

    assert limit_of(mia) == 6


def test_concluding_where_nothing_is_open_does_nothing(mia: Student, commits: list[str]):
    db.commit_now()

    assert commits == []


def test_what_waits_for_the_commit_sees_it_stored(mia: Student):
    seen: list[int] = []
    with db.writing():
        db.after_commit(lambda: seen.append(limit_of(mia)))
        with db.writing():
            mia.guardian_limit = 7
        assert seen == []

    assert seen == [7]


def test_what_waits_for_the_commit_never_happens_after_a_rollback(mia: Student):
    seen: list[str] = []
    with pytest.raises(ZeroDivisionError), db.writing():
        half_of_something(mia, then=lambda: db.after_commit(lambda: seen.append("stored")))

    with db.writing():
        mia.guardian_limit = 7

    assert seen == []


def test_rights_are_read_again_under_the_lock(app: Flask):
    otto = rows.staff(rows.school())
    assert otto.may(Permission.MANAGE_CODES)
    elsewhere.write("UPDATE memberships SET level = 'no_access'")

    with db.writing():
        assert not otto.may(Permission.MANAGE_CODES)


def test_rows_read_before_are_read_again_under_the_lock(mia: Student):
    assert mia.guardian_limit == 6
    elsewhere.write("UPDATE students SET guardian_limit = 7")

    with db.writing():
        assert mia.guardian_limit == 7


def test_a_transaction_that_failed_lets_the_next_one_in(app: Flask, mia: Student):
    with pytest.raises(DBAPIError), db.writing():
        db.session.execute(text("UPDATE nothing_of_the_kind SET x = 1"))

    elsewhere.at_once(app, [lambda: increment(mia.id)])

    assert limit_of(mia) == 7


def fail(_handle: int) -> None:
    raise OSError(errno.EIO, "Input/output error")


def half_of_something(student: Student, *, then: Callable[[], object] = lambda: None) -> None:
    student.guardian_limit = 7
    db.session.flush()
    then()
    raise ZeroDivisionError


def increment(student_id: int) -> None:
    """Read, add one, write: what loses updates where two may do it at once."""
    with db.writing():
        student = db.session.get_one(Student, student_id)
        student.lock()
        student.guardian_limit += 1


def limit_of(student: Student) -> int:
    return int(elsewhere.read("SELECT guardian_limit FROM students WHERE id = :id", id=student.id))
