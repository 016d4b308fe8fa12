"""No page waits for a long write transaction of somebody else, and what it showed is on record all the same, once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal import clock, db
from portal.config import Settings
from portal.db.spool import Spool
from portal.models import EventKind, Staff, Student
from portal.models.accounts import alarms
from portal.models.disclosure import disclosure, record, write_what_waits
from portal.policy.permissions import AccessLevel
from portal.worker import jobs
from tests import elsewhere, rows
from tests.apps import another
from tests.conftest import client_of

VIEWS = "SELECT count(*) FROM events WHERE kind = 'student viewed'"
SEEN = "SELECT last_seen_at FROM sign_ins"


@pytest.fixture
def spool(app: Flask) -> Iterator[Spool]:
    """What lies beside the database; empty again at the end."""
    found = db.beside()
    if found is None:
        pytest.skip("on PostgreSQL nobody waits for another's transaction")
    yield found.spool
    for left in found.spool._folder.iterdir() if found.spool._folder.exists() else ():
        left.unlink()


@pytest.fixture
def ottos(
    otto: Staff, settings: Settings, spool: Spool, now: time_machine.Traveller
) -> Iterator[FlaskClient]:
    with another(settings) as portal:
        yield client_of(portal, otto)


@contextmanager
def somebody_writing() -> Iterator[None]:
    """A write transaction that takes as long as the block."""
    with db.beside().lock.held():
        yield


def test_the_page_is_made_while_somebody_else_writes(ottos: FlaskClient, mia: Student, spool: Spool):
    with somebody_writing():
        answer = ottos.get(f"/edges/students/{mia.public_id}")

    assert (answer.status_code, answer.text) == (200, mia.name)
    assert (elsewhere.read(VIEWS), spool.is_empty) == (0, False)


def test_the_next_page_writes_it_with_its_own_moment(
    ottos: FlaskClient, mia: Student, spool: Spool, now: time_machine.Traveller, otto: Staff
):
    with somebody_writing():
        ottos.get(f"/edges/students/{mia.public_id}")
    at = clock.now()
    now.shift(30)
    ottos.get(f"/edges/students/{mia.public_id}")

    kept = f"{VIEWS} AND account_id = :otto AND student_id = :mia AND address = '127.0.0.1' AND at = :at"
    values = {"otto": otto.id, "mia": mia.id}
    for moment in (at, at + timedelta(seconds=30)):
        assert elsewhere.read(kept, **values, at=f"{moment:%Y-%m-%d %H:%M:%S.%f}") == 1
    assert spool.is_empty


def test_they_are_written_in_the_order_in_which_they_came(
    ottos: FlaskClient, mia: Student, spool: Spool, now: time_machine.Traveller
):
    with somebody_writing():
        for _page in range(3):
            ottos.get(f"/edges/students/{mia.public_id}")
            now.shift(1)
    write_what_waits()

    in_order = (
        "SELECT group_concat(id) FROM (SELECT id FROM events WHERE kind = 'student viewed' ORDER BY at)"
    )
    by_id = "SELECT group_concat(id) FROM (SELECT id FROM events WHERE kind = 'student viewed' ORDER BY id)"
    assert elsewhere.read(VIEWS) == 3
    assert elsewhere.read(in_order) == elsewhere.read(by_id)


def test_one_page_does_not_write_what_many_have_left(
    ottos: FlaskClient, mia: Student, spool: Spool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("portal.models.disclosure.A_FEW", 1)
    with somebody_writing():
        for _page in range(2):
            ottos.get(f"/edges/students/{mia.public_id}")

    for written in (2, 4, 5):
        ottos.get(f"/edges/students/{mia.public_id}")
        assert elsewhere.read(VIEWS) == written


def test_the_worker_writes_it_where_no_page_follows(
    app: Flask, ottos: FlaskClient, mia: Student, spool: Spool
):
    with somebody_writing():
        ottos.get(f"/edges/students/{mia.public_id}")
    jobs.of(app).sweep()

    assert (elsewhere.read(VIEWS), spool.is_empty) == (1, True)


def test_that_a_browser_was_used_is_left_to_the_next_page(
    ottos: FlaskClient, mia: Student, now: time_machine.Traveller
):
    first = elsewhere.read(SEEN)
    now.shift(90)
    with somebody_writing():
        ottos.get(f"/edges/students/{mia.public_id}")
    assert elsewhere.read(SEEN) == first

    ottos.get(f"/edges/students/{mia.public_id}")
    assert elsewhere.read(SEEN) != first


def test_codes_shown_meanwhile_count_towards_the_alarm(
    otto: Staff, mia: Student, spool: Spool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(alarms, "MOST_UNREMARKED", 1)
    rows.staff(mia.school, AccessLevel.SCHOOL_ADMIN, "Hana Head")
    noah = rows.student(mia.school, "Noah Sullivan")
    with somebody_writing():
        for student in (mia, noah):
            record([disclosure(EventKind.CODE_SHOWN, by=otto, student_id=student.id)])
    write_what_waits()

    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'many codes reported'") == 1
    assert elsewhere.read("SELECT count(*) FROM outbox") == 1


def test_a_letter_made_meanwhile_is_noted_at_its_code(otto: Staff, mia: Student, spool: Spool):
    code = rows.enabled(mia, otto)
    with somebody_writing():
        record([disclosure(EventKind.LETTER_PRINTED, by=otto, student_id=mia.id, code=code.id)])
    assert elsewhere.read("SELECT letter_made_at FROM access_codes") is None
    write_what_waits()

    assert elsewhere.read("SELECT letter_made_at FROM access_codes") is not None


def test_what_the_database_refuses_stands_in_nobodys_way(
    otto: Staff, mia: Student, spool: Spool, capsys: pytest.CaptureFixture[str]
):
    with somebody_writing():
        record([disclosure(EventKind.STUDENT_VIEWED, by=otto, student_id=mia.id + 1000)])
        record([disclosure(EventKind.STUDENT_VIEWED, by=otto, student_id=mia.id)])
    write_what_waits()

    assert (elsewhere.read(VIEWS), spool.is_empty) == (1, True)
    assert "disclosure set aside" in capsys.readouterr().out
    assert [file.suffix for file in spool._folder.iterdir()] == [".refused"]


def test_a_transaction_that_is_rolled_back_leaves_them_waiting(otto: Staff, mia: Student, spool: Spool):
    kept(otto, mia)
    with pytest.raises(ZeroDivisionError), db.writing():
        written_in_vain()
    assert (elsewhere.read(VIEWS), spool.is_empty) == (0, False)
    write_what_waits()

    assert (elsewhere.read(VIEWS), spool.is_empty) == (1, True)


def die(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before_the_name(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("pathlib.Path.rename", die)


def before_the_commit(_patch: pytest.MonkeyPatch) -> None:
    event.listen(db.db.engine, "commit", die)


def after_the_commit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Spool, "discard", die)


def nowhere(_patch: pytest.MonkeyPatch) -> None:
    """Live."""


@pytest.mark.parametrize(
    "death", [nowhere, before_the_commit, after_the_commit], ids=lambda where: where.__name__
)
def test_who_is_killed_while_writing_them_loses_none_and_doubles_none(
    otto: Staff, mia: Student, spool: Spool, death: Callable[[pytest.MonkeyPatch], None]
):
    kept(otto, mia)
    kept(otto, mia)
    in_a_child(write_what_waits, death)
    write_what_waits()

    assert (elsewhere.read(VIEWS), spool.is_empty) == (2, True)


@pytest.mark.parametrize(("death", "views"), [(nowhere, 1), (before_the_name, 0)])
def test_who_is_killed_while_keeping_one_leaves_it_whole_or_not_at_all(
    otto: Staff, mia: Student, spool: Spool, death: Callable[[pytest.MonkeyPatch], None], views: int
):
    in_a_child(lambda: kept(otto, mia), death)
    write_what_waits()

    assert (elsewhere.read(VIEWS), spool.is_empty) == (views, True)


def kept(otto: Staff, mia: Student) -> None:
    """A view that could not be written at once."""
    view = disclosure(EventKind.STUDENT_VIEWED, by=otto, student_id=mia.id)
    with somebody_writing():
        record([view])


def written_in_vain() -> None:
    write_what_waits()
    raise ZeroDivisionError


def in_a_child(work: Callable[[], object], death: Callable[[pytest.MonkeyPatch], None]) -> None:
    """Do `work` in a child process, which dies where it is told to."""
    db.session.rollback()  # no connection is open on both sides
    child = os.fork()
    if not child:
        try:
            death(pytest.MonkeyPatch())
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert status == (0 if death is nowhere else signal.SIGKILL)
