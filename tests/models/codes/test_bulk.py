"""Codes for many at once: one code each, one transaction, and the same rules as for one."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock, db
from portal.db import Refused
from portal.demo import Cast
from portal.models import AccessCode, Batch, BatchStudent, Event, EventKind, Student
from portal.models.codes import bulk
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act, Outcome
from portal.models.guardians.redemption import CodeRefused, look_up
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection
from portal.text import access_code
from tests import elsewhere, rows
from tests.statements import counted


def plan(act: Act, by: Any, *students: Student, **wanted: Any) -> Batch:
    """What `by` chose: these students, or everybody whom the words describe."""
    ids = [student.public_id for student in students]
    with db.writing():
        return Batch.plan(act, Selection.of(StudentFilter(**wanted), ids=ids, everyone=not ids), by=by)


def done(act: Act, by: Any, *students: Student, **wanted: Any) -> dict[Outcome, int]:
    batch = plan(act, by, *students, **wanted)
    make_codes(batch, by=by)
    return batch.totals(by)


def live_codes() -> dict[str, str]:
    """By the name of the student."""
    db.session.rollback()
    db.session.expire_all()
    codes = db.session.scalars(select(AccessCode).where(AccessCode.ended_at.is_(None)))
    return {code.student.given_name: code.text for code in codes}


def events(kind: EventKind) -> int:
    return db.session.scalars(select(func.count()).where(Event.kind == kind.value)).one()


def test_only_those_without_a_code_that_works_are_enabled(cast: Cast):
    before, recorded = live_codes(), events(EventKind.CODE_ENABLED)

    assert done(Act.ENABLE, cast.otto) == {Outcome.DONE: 2, Outcome.HAD_CODE: 3}

    after = live_codes()
    assert after.keys() - before.keys() == {"Lucía"}
    assert after["Emil"] != before["Emil"], "his had expired"
    assert {name: after[name] for name in ("Mia", "Noah", "Ines")} == {
        name: before[name] for name in ("Mia", "Noah", "Ines")
    }
    assert events(EventKind.CODE_ENABLED) == recorded + 2
    assert events(EventKind.BATCH_DONE) == 1


def test_a_code_made_in_bulk_is_a_code_like_any_other(cast: Cast):
    done(Act.ENABLE, cast.otto, cast.lucia)
    code = cast.lucia.code

    assert access_code.canonical(code.text) == code.text
    assert look_up([code.text], by=None, address=rows.ADDRESS) == [cast.lucia]
    assert (code.created_by_id, code.expires_at) == (cast.otto.id, cast.lincoln.year.ends_at)


def test_resetting_ends_the_code_on_the_letters_and_keeps_pairings(cast: Cast):
    old = cast.code_of(cast.mia)

    assert done(Act.RESET, cast.otto, cast.mia, cast.lucia) == {Outcome.DONE: 1, Outcome.NO_CODE: 1}

    assert live_codes()["Mia"] != old
    assert "Lucía" not in live_codes()
    with pytest.raises(CodeRefused), db.writing():
        look_up([old], by=None, address=rows.ADDRESS)
    assert len(cast.mia.live_pairings) == 2
    ended = elsewhere.read(
        "SELECT count(*) FROM access_codes WHERE ending = 'reset' AND sealed IS NULL AND student_id = :id",
        id=cast.mia.id,
    )
    assert ended == 1


def test_everyone_has_a_code_already_and_that_is_the_result(cast: Cast):
    assert done(Act.ENABLE, cast.otto, cast.mia) == {Outcome.HAD_CODE: 1}


def test_former_students_get_no_code(cast: Cast):
    assert done(Act.ENABLE, cast.otto, cast.leo) == {Outcome.LEFT: 1}
    assert done(Act.RESET, cast.otto, cast.leo) == {Outcome.LEFT: 1}


def test_a_school_without_a_year_gives_no_codes(app: Flask):
    school = rows.school(year=None)
    office = rows.staff(school)
    rows.student(school)

    assert done(Act.ENABLE, office) == {Outcome.NO_YEAR: 1}
    assert elsewhere.read("SELECT count(*) FROM access_codes") == 0


def test_whoever_moves_away_between_plan_and_deed_is_left_out(cast: Cast):
    batch = plan(Act.ENABLE, cast.otto, cast.lucia, cast.emil)
    with db.writing():
        cast.lucia.school_id = cast.riverside.id

    make_codes(batch, by=cast.otto)

    assert batch.totals(cast.otto) == {Outcome.DONE: 1, Outcome.OUT_OF_REACH: 1}
    assert "Lucía" not in live_codes()
    assert batch.students_with(Outcome.OUT_OF_REACH, by=cast.otto).lines == []


def test_who_is_enabled_by_a_colleague_meanwhile_keeps_that_code(cast: Cast):
    batch = plan(Act.ENABLE, cast.otto, cast.lucia)
    theirs = rows.enabled(cast.lucia, cast.hana).text

    make_codes(batch, by=cast.otto)

    assert batch.totals(cast.otto) == {Outcome.HAD_CODE: 1}
    assert live_codes()["Lucía"] == theirs


@pytest.mark.parametrize("act", [Act.ENABLE, Act.RESET])
def test_who_came_to_need_a_code_after_codes_were_drawn_keeps_what_they_have(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, act: Act
):
    """Between drawing and writing Emil's old code works again, and Mia's is taken away and given anew."""
    student = cast.lucia if act is Act.ENABLE else cast.mia
    batch, draw = plan(act, cast.otto, student, cast.noah), bulk._draw

    def drawn_for_nobody(*args: Any, **kwargs: Any) -> Any:
        return {one: row for one, row in draw(*args, **kwargs).items() if one != student.id}

    monkeypatch.setattr(bulk, "_draw", drawn_for_nobody)
    before = live_codes()
    make_codes(batch, by=cast.otto)

    assert batch.totals(cast.otto)[Outcome.CHANGED] == 1
    assert live_codes().get(student.given_name) == before.get(student.given_name)


def test_a_batch_is_done_once(cast: Cast):
    batch = plan(Act.RESET, cast.otto, cast.mia)
    make_codes(batch, by=cast.otto)
    first = live_codes()["Mia"]

    make_codes(batch, by=cast.otto)

    assert live_codes()["Mia"] == first
    assert events(EventKind.BATCH_DONE) == 1


def test_nobody_in_the_list_is_said(cast: Cast):
    with pytest.raises(Refused, match="Nobody is in this list"):
        plan(Act.ENABLE, cast.otto, words="nobody of this name")


def test_names_come_by_page(app: Flask):
    school = rows.school()
    office = rows.staff(school)
    for number in range(5):
        rows.student(school, f"Kim Student{number}")
    batch = plan(Act.ENABLE, office)

    first = batch.students_with(Outcome.DONE, by=office, limit=3)
    rest = batch.students_with(Outcome.DONE, by=office, after=first.after or "", limit=3)

    assert [row.family_name for row in [*first.lines, *rest.lines]] == [
        f"Student{number}" for number in range(5)
    ]
    assert rest.after is None


@pytest.mark.parametrize("act", [Act.ENABLE, Act.RESET])
def test_many_take_as_many_statements_as_one(app: Flask, act: Act):
    school = rows.school()
    office = rows.staff(school)
    statements = []
    for size in (1, 60):
        for number in range(size):
            student = rows.student(school, f"Kim Student{size}-{number}")
            if act is Act.RESET:
                rows.enabled(student, office)
        batch = plan(act, office, words=f"student{size}-")
        with counted() as asked:
            make_codes(batch, by=office)
        assert batch.totals(office) == {Outcome.DONE: size}
        assert asked.commits == 1
        statements.append(len(asked))

    assert statements[0] == statements[1] <= 20


def test_progress_is_told(cast: Cast):
    told: list[tuple[int, int]] = []
    make_codes(plan(Act.ENABLE, cast.otto), by=cast.otto, progress=lambda done, of: told.append((done, of)))

    assert told == [(2, 2)]


def test_plans_are_forgotten_after_a_day_and_results_after_a_quarter(cast: Cast):
    old, result = plan(Act.ENABLE, cast.otto, cast.lucia), plan(Act.ENABLE, cast.otto, cast.emil)
    make_codes(result, by=cast.otto)
    with db.writing():
        for row in db.session.scalars(select(Batch)):
            row.created_at = clock.now() - timedelta(days=2)
        Batch.tidy_up()

    assert [row.id for row in db.session.scalars(select(Batch))] == [result.id]
    assert Counter(db.session.scalars(select(BatchStudent.batch_id))) == {result.id: 1}
    with db.writing():
        result.created_at = clock.now() - timedelta(days=91)
        db.session.flush()
        Batch.tidy_up()
    assert elsewhere.read("SELECT count(*) FROM batches") == 0
    assert old.id != result.id
