"""Whatever staff, guardians, rosters and the calendar do: codes and pairings are as the small model says.

Never enabled → live → superseded (reset, revoked), expired (by the calendar alone) or closed. All but live are
final, a student has at most one that is live, and only that one pairs.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, update

from portal import db
from portal.db import Refused
from portal.models import AccessCode, Guardian, Pairing, School, SchoolYear, Staff, Student, ThrottleCount
from portal.models.pairing import RevocationReason
from portal.models.redemption import CodeRefused, redeem
from portal.models.revocation import leave, revoke
from portal.permissions import Permission
from tests import rows
from tests.database import FreshDatabase
from tests.models.life import Calendar, Child

START = datetime(2026, 9, 1, 15, tzinfo=UTC)
CHILDREN, GUARDIANS = range(2), range(3)
child_numbers, guardian_numbers = some.sampled_from(CHILDREN), some.sampled_from(GUARDIANS)


def test_codes_and_pairings_live_as_the_model_says(app: Flask, database: FreshDatabase, rounds: int):
    tries = settings(
        max_examples=2 * rounds, stateful_step_count=30, deadline=None, derandomize=True, database=None
    )

    run_state_machine_as_test(lambda: LifeOfACode(database), settings=tries)


class LifeOfACode(RuleBasedStateMachine):
    codes = Bundle("codes")

    def __init__(self, database: FreshDatabase) -> None:
        super().__init__()
        database.restore("empty")
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        self.now = self.latest = START
        self.calendars = [
            Calendar("America/Chicago", {2027: date(2027, 6, 30), 2028: date(2028, 6, 30)}),
            Calendar("Pacific/Honolulu", {2027: date(2027, 6, 15)}),
        ]
        self.children = [Child(school=child) for child in CHILDREN]
        self.schools = [_open_school(number, calendar) for number, calendar in enumerate(self.calendars)]
        self.students = [rows.student(self.schools[child], f"Mia {child}").id for child in CHILDREN]
        self.guardians = [rows.guardian(f"Grace{guardian} Tran").id for guardian in GUARDIANS]
        self.office = rows.staff(self.schools[0]).id

    def teardown(self) -> None:
        self.clock.stop()

    # What staff do.

    @rule(target=codes, number=child_numbers)
    def enable(self, number: int) -> Any:
        child = self.children[number]
        was_live, may_get_code = self._is_live(child), self._may_get_code(child)

        issued = self._attempt(lambda: AccessCode.enable(self._student(number), by=self._office).text)

        assert (issued is not None) == (was_live or may_get_code)
        assert not was_live or issued == child.code
        return multiple() if was_live else self._receive(child, issued)

    @rule(target=codes, number=child_numbers)
    def reset(self, number: int) -> Any:
        child = self.children[number]

        issued = self._attempt(lambda: AccessCode.replace(self._student(number), by=self._office).text)

        assert (issued is not None) == self._may_get_code(child)
        return self._receive(child, issued)

    @rule(number=child_numbers)
    def close(self, number: int) -> None:
        if self.children[number].code:
            self._attempt(lambda: self._student(number).code.close(by=self._office), happens=True)
            self.children[number].code = None

    @rule(target=codes, guardian=guardian_numbers, numbers=some.sets(child_numbers, min_size=1))
    def take_back(self, guardian: int, numbers: set[int]) -> Any:
        ticked = {number for number in numbers if guardian in self.children[number].paired}
        was_live = {number for number in ticked if self._is_live(self.children[number])}
        expected = {number for number in was_live if not self.children[number].has_left}

        fresh = self._attempt(lambda: self._revoke(guardian, ticked), happens=bool(ticked))

        assert (fresh or {}).keys() == {self.students[number] for number in expected}
        for number in ticked:
            self.children[number].paired.remove(guardian)
        for number in was_live:
            self.children[number].code = None
        issued = [self._receive(self.children[number], fresh[self.students[number]]) for number in expected]
        return multiple(*issued)

    @rule(number=child_numbers, limit=some.integers(0, 3))
    def allow_guardians(self, number: int, limit: int) -> None:
        child = self.children[number]
        changes = limit != child.limit
        self._attempt(lambda: self._student(number).allow_guardians(limit, by=self._office), happens=changes)
        child.limit = limit

    # What guardians do.

    @rule(guardian=guardian_numbers, typed=some.lists(codes, min_size=1, max_size=2, unique=True))
    def redeem(self, guardian: int, typed: list[str]) -> None:
        found = [child for code in typed for child in self.children if child.code == code]
        pairs = len(found) == len(typed) and all(self._pairs(child, guardian) for child in found)
        changes = not pairs or any(guardian not in child.paired for child in found)

        paired = self._attempt(
            lambda: redeem(typed, by=self._guardian(guardian), address=rows.ADDRESS), happens=changes
        )

        assert (paired is not None) == pairs
        for child in found if pairs else ():
            child.paired.add(guardian)

    @rule(guardian=guardian_numbers, number=child_numbers)
    def leave(self, guardian: int, number: int) -> None:
        if guardian in self.children[number].paired:
            by = self._guardian(guardian)
            self._attempt(lambda: leave(*self._pairings(guardian, {number}), by=by), happens=True)
            self.children[number].paired.remove(guardian)

    # What rosters and the calendar do.

    @rule(number=child_numbers)
    def move_to_the_other_school(self, number: int) -> None:
        self.children[number].school ^= 1
        self._import(number, school_id=self.schools[self.children[number].school].id)

    @rule(number=child_numbers)
    def leave_school_or_come_back(self, number: int) -> None:
        child = self.children[number]
        child.has_left = not child.has_left
        self._import(number, left_at=self.now if child.has_left else None)

    @rule()
    def the_next_calendar_arrives(self) -> None:
        if 2028 not in self.calendars[1].last_days:
            self.calendars[1].last_days[2028] = date(2028, 6, 14)
            _add_year(self.schools[1], 2028, date(2028, 6, 14))

    @rule(days=some.integers(1, 200))
    def days_pass(self, days: int) -> None:
        self._travel_to(self.now + timedelta(days=days))

    @rule(school=some.integers(0, 1), seconds=some.sampled_from([-1, 0]))
    def the_school_year_ends(self, school: int, seconds: int) -> None:
        """On its last day at 23:59:59, or at the midnight after it."""
        ends = self.calendars[school].ends_after(self.now)
        if ends:
            self._travel_to(min(ends.values()) + timedelta(seconds=seconds))

    @rule(days=some.integers(1, 400))
    def the_clock_is_set_back(self, days: int) -> None:
        self._travel_to(self.now - timedelta(days=days))

    # What is true at any time.

    @invariant()
    def the_open_code_is_the_one_we_know(self) -> None:
        for number, child in enumerate(self.children):
            open_codes = db.session.scalars(
                _codes_of(self.students[number]).where(AccessCode.ended_at.is_(None))
            )

            assert [(code.text, code.is_live(self._moment)) for code in open_codes] == (
                [(child.code, self._is_live(child))] if child.code else []
            )

    @invariant()
    def codes_that_ended_are_erased(self) -> None:
        for student_id in self.students:
            ended = db.session.scalars(_codes_of(student_id).where(AccessCode.ended_at.is_not(None)))

            assert all(code.sealed is None and code.ending for code in ended)

    @invariant()
    def guardians_see_exactly_the_students_they_are_paired_with(self) -> None:
        for guardian in GUARDIANS:
            seen = db.session.scalars(Student.visible_to(self._guardian(guardian), Permission.VIEW_CHILD))
            paired = [child for child in CHILDREN if guardian in self.children[child].paired]

            assert {student.id for student in seen} == {
                self.students[child] for child in paired if not self.children[child].has_left
            }

    # What the model knows.

    @property
    def _moment(self) -> datetime:
        """A clock that was set back revives nothing: the latest thing that happened counts."""
        return max(self.now, self.latest)

    def _is_live(self, child: Child) -> bool:
        return child.has_live_code(self.calendars[child.school], self._moment)

    def _may_get_code(self, child: Child) -> bool:
        return child.may_get_code(self.calendars[child.school], self._moment)

    def _pairs(self, child: Child, guardian: int) -> bool:
        return child.pairs(guardian, self.calendars[child.school], self._moment)

    def _receive(self, child: Child, code: str | None) -> Any:
        if code is None:
            return multiple()
        child.receive(code, self.calendars[child.school], self._moment)
        self.latest = self._moment
        return code

    # How the portal is asked.

    def _attempt(self, act: Callable[[], Any], *, happens: bool = False) -> Any:
        """What the act returns, None when it was refused. When something `happens`, there is an event."""
        if happens:
            self.latest = self._moment
        try:
            with db.writing():
                db.session.execute(delete(ThrottleCount))
                return _counted(act)
        except Refused:
            return None

    def _revoke(self, guardian: int, numbers: set[int]) -> dict[int, str]:
        fresh = revoke(self._pairings(guardian, numbers), by=self._office, reason=RevocationReason.CUSTODY)
        return {code.student_id: code.text for code in fresh}

    def _pairings(self, guardian: int, numbers: set[int]) -> list[Pairing]:
        students = [self.students[number] for number in numbers]
        live = select(Pairing).where(Pairing.student_id.in_(students), Pairing.revoked_at.is_(None))
        return list(db.session.scalars(live.where(Pairing.guardian_id == self.guardians[guardian])))

    def _import(self, number: int, **fields: Any) -> None:
        with db.writing():
            db.session.execute(update(Student).where(Student.id == self.students[number]).values(fields))

    def _travel_to(self, moment: datetime) -> None:
        self.now = moment
        self.traveller.move_to(moment, tick=False)
        db.session.rollback()
        db.session.expire_all()

    def _student(self, number: int) -> Student:
        return db.session.get_one(Student, self.students[number])

    def _guardian(self, number: int) -> Guardian:
        return db.session.get_one(Guardian, self.guardians[number])

    @property
    def _office(self) -> Staff:
        return db.session.get_one(Staff, self.office)


def _counted(act: Callable[[], Any]) -> Any:
    """A code that does not pair is counted, so that refusal is stored and not rolled back."""
    try:
        return act()
    except CodeRefused:
        return None


def _codes_of(student_id: int) -> Any:
    return select(AccessCode).where(AccessCode.student_id == student_id)


def _open_school(number: int, calendar: Calendar) -> School:
    school = rows.school(f"School {number}", time_zone=calendar.zone, year=None)
    for year, last_day in calendar.last_days.items():
        _add_year(school, year, last_day)
    return school


def _add_year(school: School, year: int, last_day: date) -> None:
    first_day = last_day - timedelta(days=300)
    rows.stored(SchoolYear.of(school, year=year, first_day=first_day, last_day=last_day))
