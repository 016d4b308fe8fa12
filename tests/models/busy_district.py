"""Two schools far apart, their staff, students and classes: the real thing, asked by number."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, update

from portal import clock, db
from portal.db import Refused
from portal.models import (
    ClassKind,
    Enrolment,
    Membership,
    PointKind,
    School,
    SchoolClass,
    Staff,
    Student,
    Support,
    SupportCategory,
    SupportStudent,
    TeachingAssignment,
)
from portal.models.supports.adding import Days, add_to_support
from portal.models.supports.assigning import assign_point_person
from portal.models.supports.support import Terms
from portal.policy.permissions import AccessLevel, Permission
from tests import rows
from tests.models.visibility import CASELOAD, EVERYBODY, NOBODY

ZONES = ("America/Chicago", "Pacific/Honolulu")
SCHOOLS, STAFF, STUDENTS, CLASSES = range(2), range(2), range(3), range(4)
GRADES = {0: 3, 1: 5, 2: 8}

LEVELS = {
    NOBODY: AccessLevel.NO_ACCESS,
    CASELOAD: AccessLevel.CASELOAD_EDITOR,
    EVERYBODY: AccessLevel.SCHOOL_WIDE_EDITOR,
}


class BusyDistrict:
    def __init__(self) -> None:
        schools = [rows.school(f"School {number}", time_zone=zone) for number, zone in enumerate(ZONES)]
        self.schools = [school.id for school in schools]
        self.students = [rows.student(schools[0], f"Mia {number}") for number in STUDENTS]
        self.students = [student.id for student in self.students]
        self.staff = [rows.staff(schools[0], AccessLevel.CASELOAD_EDITOR, f"Ada{who} A").id for who in STAFF]
        for who in self.staff:
            level = AccessLevel.CASELOAD_EDITOR.value
            rows.stored(Membership(staff_id=who, school_id=self.schools[1], level=level))
        self._offices = [rows.staff(school, name=f"Otto{school.id} O").id for school in schools]
        kinds = (ClassKind.COURSE, ClassKind.HOMEROOM)
        self.classes = [
            rows.stored(
                SchoolClass(school_id=self.schools[each // 2], kind=kinds[each % 2].value, title=f"C{each}")
            ).id
            for each in CLASSES
        ]
        for number, grade in GRADES.items():
            self.change(Student, self.students[number], grade=grade)

    def office(self, school: int) -> Staff:
        """Somebody who may create supports there."""
        return db.session.get_one(Staff, self._offices[school])

    def person(self, who: int) -> Staff:
        return db.session.get_one(Staff, self.staff[who])

    def seen_by(self, who: int) -> set[int]:
        db.session.rollback()
        db.session.expire_all()
        seen = Student.visible_to(self.person(who), Permission.VIEW_STUDENT).with_only_columns(Student.id)
        return {self.students.index(student) for student in db.session.scalars(seen)}

    def today(self) -> list[date]:
        return [clock.today(zone) for zone in ZONES]

    def change(self, model: Any, key: int, **fields: Any) -> None:
        with db.writing():
            db.session.execute(update(model).where(model.id == key).values(fields))

    def set_level(self, who: int, school: int, level: str) -> None:
        own = (Membership.staff_id == self.staff[who], Membership.school_id == self.schools[school])
        with db.writing():
            db.session.execute(update(Membership).where(*own).values(level=LEVELS[level].value))

    def enrol(self, student: int, a_class: int, last_day: date | None) -> None:
        """The roster says so; what it said before about this student and class is over."""
        self.leave_class(student, a_class)
        rows.stored(
            Enrolment(student_id=self.students[student], class_id=self.classes[a_class], last_day=last_day)
        )

    def leave_class(self, student: int, a_class: int) -> None:
        own = (Enrolment.student_id == self.students[student], Enrolment.class_id == self.classes[a_class])
        with db.writing():
            db.session.execute(update(Enrolment).where(*own).values(ended_at=clock.now()))

    def assign(self, who: int, a_class: int, *, teaches: bool) -> None:
        pair = {"staff_id": self.staff[who], "class_id": self.classes[a_class]}
        with db.writing():
            db.session.execute(update(TeachingAssignment).filter_by(**pair).values(ended_at=clock.now()))
            db.session.add_all([TeachingAssignment(**pair)] * teaches)

    def support(self, school: int, lead: int, first: date, last: date | None) -> int | None:
        """Its id; None when it was refused."""

        def create() -> int:
            terms = Terms("Help", SupportCategory.OTHER, self.person(lead), first, last)
            at = self.office(school)
            return Support.create(db.session.get_one(School, self.schools[school]), terms, by=at).id

        return self._attempt(create)

    def agree(self, support: int, school: int, lead: int, first: date, last: date | None) -> bool:
        terms = Terms("Help", SupportCategory.OTHER, self.person(lead), first, last)
        row = db.session.get_one(Support, support)
        by = self.office(school)
        return self._attempt(lambda: row.change(terms, seen=row.versions, by=by)) is not None

    def end(self, support: int, school: int) -> None:
        with db.writing():
            db.session.get_one(Support, support).end(by=self.office(school))

    def add(self, support: int, student: int, days: Days, *, by: Staff) -> Any:
        chosen = Student.id == self.students[student]
        return self._attempt(
            lambda: add_to_support(chosen, db.session.get_one(Support, support), by=by, days=days)
        )

    def take_out(self, support: int, student: int, school: int) -> None:
        own = select(SupportStudent).filter_by(support_id=support, student_id=self.students[student])
        with db.writing():
            for row in db.session.scalars(own.where(SupportStudent.ended_at.is_(None))):
                row.end(by=self.office(school))

    def point(self, student: int, kind: str, who: int | None, school: int) -> bool:
        chosen, staff = Student.id == self.students[student], None if who is None else self.person(who)
        by = self.office(school)
        return self._attempt(lambda: assign_point_person(chosen, PointKind(kind), staff, by=by)) is not None

    def _attempt(self, act: Callable[[], Any]) -> Any:
        """What the act returns; None when it was refused."""
        try:
            with db.writing():
                return act()
        except Refused:
            return None
