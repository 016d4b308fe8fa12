"""The life of an access code: made once, good until it ends, and never again."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from portal import clock, db
from portal.crypto.key_ring import KeysError
from portal.db import Refused
from portal.models import AccessCode, Event, EventKind, School, SchoolYear, Staff, Student
from portal.models.guardians.redemption import CodeRefused, look_up
from portal.text import access_code
from tests import elsewhere, rows

SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def school(app: Flask) -> School:
    return rows.school()


@pytest.fixture
def mia(school: School) -> Student:
    return rows.student(school)


@pytest.fixture
def otto(school: School) -> Staff:
    return rows.staff(school)


def test_enabling_twice_gives_the_same_code(mia: Student, otto: Staff):
    assert rows.enabled(mia, otto).text == rows.enabled(mia, otto).text
    assert elsewhere.read("SELECT count(*) FROM access_codes") == 1
    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'code enabled'") == 1


def test_a_code_that_was_read_before_is_read_anew(mia: Student, otto: Staff):
    rows.enabled(mia, otto)
    letter = update(AccessCode).values(letter_made_at=clock.now())

    with db.writing():
        before = AccessCode.enable(mia, by=otto).letter_made_at
        db.session.execute(letter.execution_options(synchronize_session=False))
        after = AccessCode.enable(mia, by=otto).letter_made_at

    assert before is None
    assert after == clock.now()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Honolulu", "Asia/Tokyo", "America/Phoenix"])
def test_a_code_works_to_the_last_second_of_the_last_day(app: Flask, now: time_machine.Traveller, zone: str):
    school = rows.school(time_zone=zone)
    code = rows.enabled(rows.student(school), rows.staff(school)).text
    last_second = datetime(2027, 6, 26, 23, 59, 59, tzinfo=ZoneInfo(zone))

    now.move_to(last_second)
    assert is_good(code)

    now.move_to(last_second + SECOND)
    assert not is_good(code)


def test_a_year_that_ends_as_the_clocks_change_ends_at_midnight_there(
    app: Flask, now: time_machine.Traveller
):
    school = rows.school(year=None)
    rows.stored(SchoolYear.of(school, year=2027, first_day=date(2026, 9, 1), last_day=date(2027, 3, 14)))
    code = rows.enabled(rows.student(school), rows.staff(school)).text

    now.move_to(datetime(2027, 3, 15, 3, 59, 59, tzinfo=UTC))
    assert is_good(code)
    now.shift(1)
    assert not is_good(code)


def test_an_expired_code_is_shown_as_expired_and_enabling_gives_a_new_one(
    mia: Student, otto: Staff, now: time_machine.Traveller
):
    old = rows.enabled(mia, otto)
    rows.stored(SchoolYear.of(mia.school, year=2028, first_day=date(2027, 9, 1), last_day=date(2028, 6, 24)))
    now.move_to(datetime(2027, 8, 2, tzinfo=UTC))
    assert old.is_open()
    assert not old.works_at(clock.now())

    fresh = rows.enabled(mia, otto)

    assert (old.ending, old.sealed) == ("expired", None)
    assert fresh.year == 2028
    assert is_good(fresh.text)


def test_a_clock_that_is_set_back_revives_nothing(mia: Student, otto: Staff, now: time_machine.Traveller):
    code = rows.enabled(mia, otto).text
    now.move_to(datetime(2027, 7, 1, tzinfo=UTC))
    with db.writing():
        Event.record(EventKind.SIGN_IN_FAILED)
    now.move_to(rows.MORNING)

    for _time in range(3):  # each try leaves an event of its own, with the wrong time
        assert not is_good(code)


def test_no_code_is_made_for_a_year_that_was_over_before_the_clock_was_set_back(
    mia: Student, otto: Staff, now: time_machine.Traveller
):
    now.move_to(datetime(2027, 7, 1, tzinfo=UTC))
    with db.writing():
        Event.record(EventKind.SIGN_IN_FAILED)
    now.move_to(rows.MORNING)

    with pytest.raises(Refused, match="school year"):
        rows.enabled(mia, otto)


def test_the_text_of_a_code_is_gone_once_it_ended(mia: Student, otto: Staff):
    ended = [rows.enabled(mia, otto)]
    with db.writing():
        ended.append(AccessCode.replace(mia, by=otto))
    with db.writing():
        ended[1].close(by=otto)

    assert [code.ending for code in ended] == ["reset", "closed"]
    assert elsewhere.read("SELECT count(*) FROM access_codes WHERE sealed IS NOT NULL") == 0
    for code in ended:
        with pytest.raises(Refused):
            _ = code.text


def test_a_sealed_text_opens_on_its_own_row_only(mia: Student, otto: Staff):
    mias = rows.enabled(mia, otto)
    noahs = rows.enabled(rows.student(mia.school, "Noah Sullivan"), otto)
    elsewhere.write(
        "UPDATE access_codes SET sealed = (SELECT sealed FROM access_codes WHERE id = :of) WHERE id = :to",
        of=mias.id, to=noahs.id,
    )  # fmt: skip
    db.session.rollback()

    with pytest.raises(KeysError):
        _ = noahs.text


def test_a_stolen_database_holds_no_live_code_in_any_spelling(mia: Student, otto: Staff):
    if db.db.engine.dialect.name != "sqlite":
        pytest.skip("a database in a file")
    students = [rows.student(mia.school, f"Child{number} Family") for number in range(20)]
    codes = [rows.enabled(student, otto).text for student in students]
    file = db.db.engine.url.database
    stolen = b"".join(Path(f"{file}{suffix}").read_bytes() for suffix in ("", "-wal"))
    assert b"Child19" in stolen, "what was just written is there"

    for code, encoding in itertools.product(codes, ("utf-8", "utf-16-le")):
        for spelling in {code, access_code.pretty(code), code.translate(str.maketrans("01", "OI"))}:
            for text in (spelling, spelling.lower()):
                assert text.encode(encoding) not in stolen


def test_at_another_school_the_year_of_that_school_counts(
    mia: Student, otto: Staff, now: time_machine.Traveller
):
    later = rows.school("Roosevelt", year=None)
    rows.stored(SchoolYear.of(later, year=2027, first_day=date(2026, 9, 1), last_day=date(2027, 7, 16)))
    code = rows.enabled(mia, otto).text
    with db.writing():
        mia.school_id = later.id

    now.move_to(datetime(2027, 7, 10, tzinfo=UTC))
    assert is_good(code)
    now.move_to(datetime(2027, 7, 18, tzinfo=UTC))
    assert not is_good(code)


def test_at_a_school_without_that_year_the_code_does_not_work(mia: Student, otto: Staff):
    code = rows.enabled(mia, otto)
    text, elsewhere_id = code.text, rows.school("Roosevelt", year=None).id
    with db.writing():
        mia.school_id = elsewhere_id

    assert not is_good(text)
    db.session.expire_all()
    assert code.is_open()
    assert not code.works_at(clock.now())
    assert code.last_day("UTC") is None


def test_a_closed_code_is_closed_until_somebody_enables_again(mia: Student, otto: Staff):
    code = rows.enabled(mia, otto)
    text = code.text
    with db.writing():
        code.close(by=otto)

    assert not is_good(text)
    assert is_good(rows.enabled(mia, otto).text)
    assert not is_good(text)


def test_closing_keeps_how_the_code_came_to_its_end_before(mia: Student, otto: Staff):
    if db.db.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite nobody writes meanwhile")
    code = rows.enabled(mia, otto)

    with db.writing():
        assert code.ended_at is None
        elsewhere.write("UPDATE access_codes SET ended_at = '2026-11-16 14:00Z', ending = 'reset'")
        code.close(by=otto)

    assert elsewhere.read("SELECT ending FROM access_codes") == "reset"
    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'code closed'") == 0


def test_a_school_without_a_year_gets_no_codes(otto: Staff):
    with pytest.raises(Refused, match="school year"):
        rows.enabled(rows.student(rows.school("Roosevelt", year=None)), otto)


def test_a_student_who_left_gets_no_code(mia: Student, otto: Staff):
    with db.writing():
        mia.left_at = clock.now()

    with pytest.raises(Refused, match="no longer at this school"):
        rows.enabled(mia, otto)


@pytest.mark.parametrize("verb", [AccessCode.enable, AccessCode.replace])
def test_a_refusal_leaves_the_old_code_as_it_was(
    mia: Student, otto: Staff, now: time_machine.Traveller, verb
):
    rows.enabled(mia, otto)
    now.move_to(datetime(2027, 7, 1, tzinfo=UTC))

    with db.writing(), pytest.raises(Refused):  # as in a view that shows the refusal on its form
        verb(mia, by=otto)

    assert elsewhere.read("SELECT count(*) FROM access_codes WHERE ended_at IS NULL") == 1


def test_resetting_a_code_that_was_reset_meanwhile_is_refused(mia: Student, otto: Staff):
    seen = rows.enabled(mia, otto).public_id
    with db.writing():
        fresh = AccessCode.replace(mia, by=otto, seen=seen)

    with pytest.raises(Refused, match="in the meantime"), db.writing():
        AccessCode.replace(mia, by=otto, seen=seen)

    assert is_good(fresh.text)


def test_the_last_day_is_the_schools_last_day(mia: Student, otto: Staff):
    assert rows.enabled(mia, otto).last_day("America/New_York") == date(2027, 6, 26)


def is_good(code: str) -> bool:
    """Whether a stranger who types it is shown a student."""
    with db.writing():
        try:
            return bool(look_up([code], by=None, address=rows.ADDRESS))
        except CodeRefused:
            return False
