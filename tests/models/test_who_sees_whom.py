"""Whatever rosters, levels, supports and point people do: staff see exactly whom the small model says.

Memberships, enrolments, teaching, supports with their days and students, point people, moves between two schools in
different time zones, and the clock, in any order.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.models import Student
from portal.models.supports.adding import Days
from tests.database import FreshDatabase
from tests.models.busy_district import CLASSES, GRADES, SCHOOLS, STAFF, STUDENTS, BusyDistrict
from tests.models.visibility import CASELOAD, EVERYBODY, NOBODY, Help, Stay, Visibility

START = datetime(2026, 11, 16, 15, tzinfo=UTC)

students, staff, schools, classes = map(some.sampled_from, (STUDENTS, STAFF, SCHOOLS, CLASSES))
kinds = some.sampled_from(["academic", "attendance"])
spans = some.one_of(some.none(), some.integers(0, 3))


def test_staff_see_exactly_whom_the_model_says(app: Flask, database: FreshDatabase, rounds: int):
    with time_machine.travel(START, tick=False):
        district = BusyDistrict()
    database.remember("busy_district")
    tries = settings(
        max_examples=rounds, stateful_step_count=30, deadline=None, derandomize=True, database=None
    )

    run_state_machine_as_test(lambda: WhoSeesWhom(database, district), settings=tries)


class WhoSeesWhom(RuleBasedStateMachine):
    def __init__(self, database: FreshDatabase, district: BusyDistrict) -> None:
        super().__init__()
        database.restore("busy_district")
        self.district, self.supports = district, []
        self.clock = time_machine.travel(START, tick=False)
        self.traveller, self.now = self.clock.start(), START
        self.model = Visibility(
            levels={(who, school): CASELOAD for who in STAFF for school in SCHOOLS},
            school_of=dict.fromkeys(STUDENTS, 0),
            grades=GRADES,
        )

    def teardown(self) -> None:
        self.clock.stop()

    @initialize(lead=staff, lasts=spans)
    def somebody_is_on_caseloads(self, lead: int, lasts: int | None) -> None:
        """Half of what is worth trying begins here."""
        for student in STUDENTS:
            self.enrol(student, 0, lasts)
            self.enrol(student, 1, lasts)
        self.assign_a_teacher(lead, 0)
        self.assign_a_teacher(lead ^ 1, 1)
        self.create_a_support(0, lead, 0, None)
        for student in STUDENTS[1:]:
            self.put_a_student_in(0, student, 0, lasts)
        self.assign_point_person(2, "academic", lead ^ 1)

    # What admins do.

    @rule(who=staff, school=schools, level=some.sampled_from([NOBODY, CASELOAD, EVERYBODY]))
    def change_a_level(self, who: int, school: int, level: str) -> None:
        self.district.set_level(who, school, level)
        self.model.levels[who, school] = level

    @rule(who=staff, school=schools)
    def work_at_one_school_only(self, who: int, school: int) -> None:
        self.change_a_level(who, school ^ 1, NOBODY)
        self.change_a_level(who, school, CASELOAD)

    # What rosters do.

    @rule(student=students, a_class=classes, days=spans)
    def enrol(self, student: int, a_class: int, days: int | None) -> None:
        last_day = None if days is None else self._day(a_class // 2, days)
        self.district.enrol(student, a_class, last_day)
        self.model.enrolled[student, a_class] = last_day

    @precondition(lambda self: self.model.enrolled)
    @rule(choice=some.integers(0, 11))
    def end_an_enrolment(self, choice: int) -> None:
        student, a_class = self._one_of(sorted(self.model.enrolled), choice)
        self.district.leave_class(student, a_class)
        del self.model.enrolled[student, a_class]

    @rule(who=staff, a_class=classes)
    def assign_a_teacher(self, who: int, a_class: int) -> None:
        self.district.assign(who, a_class, teaches=True)
        self.model.teaches.add((who, a_class))

    @precondition(lambda self: self.model.teaches)
    @rule(choice=some.integers(0, 7))
    def take_a_teacher_off(self, choice: int) -> None:
        who, a_class = self._one_of(sorted(self.model.teaches), choice)
        self.district.assign(who, a_class, teaches=False)
        self.model.teaches.remove((who, a_class))

    @rule(student=students)
    def a_student_moves(self, student: int) -> None:
        self.model.school_of[student] ^= 1
        school = self.district.schools[self.model.school_of[student]]
        self.district.change(Student, self.district.students[student], school_id=school)

    @rule(student=students)
    def a_student_leaves_or_comes_back(self, student: int) -> None:
        self.model.left ^= {student}
        left_at = self.now if student in self.model.left else None
        self.district.change(Student, self.district.students[student], left_at=left_at)

    # What those who create supports do.

    @rule(school=schools, lead=staff, begins=some.integers(-1, 1), lasts=spans)
    def create_a_support(self, school: int, lead: int, begins: int, lasts: int | None) -> None:
        days = self._days(school, begins, lasts)
        created = self.district.support(school, lead, days.first, days.last)

        assert (created is not None) == (self.model.levels[lead, school] != NOBODY)
        if created:
            self.supports.append(created)
            self.model.helps.append(Help(school, lead, days))

    @precondition(lambda self: self.supports)
    @rule(choice=some.integers(0, 5), lead=staff, begins=some.integers(-1, 1), lasts=spans)
    def agree_on_other_terms(self, choice: int, lead: int, begins: int, lasts: int | None) -> None:
        support, known = self._support(choice)
        days = self._days(known.school, begins, lasts)
        agreed = self.district.agree(support, known.school, lead, days.first, days.last)

        assert agreed == (not known.ended and self.model.levels[lead, known.school] != NOBODY)
        if agreed:
            known.lead, known.days = lead, days

    @precondition(lambda self: self.supports)
    @rule(choice=some.integers(0, 5))
    def end_a_support(self, choice: int) -> None:
        support, known = self._support(choice)
        self.district.end(support, known.school)
        known.ended = True

    @precondition(lambda self: self.supports)
    @rule(choice=some.integers(0, 5), student=students, begins=some.integers(-1, 1), lasts=spans)
    def put_a_student_in(self, choice: int, student: int, begins: int, lasts: int | None) -> None:
        support, known = self._support(choice)
        stay = self._days(known.school, begins, lasts)
        by = self.district.office(known.school)
        placed = self.district.add(support, student, Days(stay.first, stay.last), by=by)

        assert (placed is not None) == (not self._is_over(known))
        if placed and placed.changed:
            known.students[student] = stay

    @precondition(lambda self: self.supports)
    @rule(choice=some.integers(0, 5), student=students)
    def a_lead_at_a_caseload_level_adds_nobody(self, choice: int, student: int) -> None:
        support, known = self._support(choice)
        if self.model.levels[known.lead, known.school] != EVERYBODY:
            assert self.district.add(support, student, Days(), by=self.district.person(known.lead)) is None

    @precondition(lambda self: self._stays)
    @rule(choice=some.integers(0, 11))
    def take_a_student_out(self, choice: int) -> None:
        number, student = self._one_of(self._stays, choice)
        support, known = self._support(number)
        self.district.take_out(support, student, known.school)
        del known.students[student]

    # Who is point person.

    @rule(student=students, kind=kinds, who=some.one_of(some.none(), staff))
    def assign_point_person(self, student: int, kind: str, who: int | None) -> None:
        school = self.model.school_of[student]
        is_offered = who is None or self.model.levels[who, school] != NOBODY or student in self.model.left

        assert self.district.point(student, kind, who, school) == is_offered
        if is_offered and student not in self.model.left:
            self.model.points.pop((student, kind), None)
            self.model.points |= {} if who is None else {(student, kind): (who, school)}

    # What time does.

    @rule(hours=some.integers(1, 40))
    def hours_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.traveller.move_to(self.now, tick=False)

    # What is true at any time.

    @invariant()
    def everybody_sees_exactly_whom_the_model_says(self) -> None:
        today = self.district.today()
        for who in STAFF:
            expected = {student for student in STUDENTS if self.model.sees(who, student, today)}

            assert self.district.seen_by(who) == expected

    # What several rules do.

    def _day(self, school: int, later: int) -> Any:
        return self.district.today()[school] + timedelta(days=later)

    def _days(self, school: int, begins: int, lasts: int | None) -> Stay:
        first = self._day(school, begins)
        return Stay(first, None if lasts is None else first + timedelta(days=lasts))

    def _is_over(self, known: Help) -> bool:
        today = self.district.today()[known.school]
        return known.ended or (known.days.last is not None and known.days.last < today)

    def _support(self, choice: int) -> tuple[int, Help]:
        return self._one_of(list(zip(self.supports, self.model.helps, strict=True)), choice)

    @property
    def _stays(self) -> list[tuple[int, int]]:
        """Which students are in which supports."""
        return [
            (number, student)
            for number, known in enumerate(self.model.helps)
            for student in sorted(known.students)
        ]

    def _one_of(self, rows: list[Any], choice: int) -> Any:
        return rows[choice % len(rows)]
