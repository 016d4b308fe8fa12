"""Two schools, two children, three guardians and an office: the real thing, asked by number."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from portal import db
from portal.db import Refused
from portal.models import AccessCode, Guardian, Pairing, School, SchoolYear, Staff, Student, ThrottleCount
from portal.models.guardians.redemption import CodeRefused
from portal.policy.permissions import Permission
from tests import rows
from tests.models.life import Calendar

CHILDREN, GUARDIANS = range(2), range(3)


class SmallTown:
    def __init__(self, calendars: list[Calendar], *, limit: int) -> None:
        schools = [_open_school(number, calendar) for number, calendar in enumerate(calendars)]
        self._schools = [school.id for school in schools]
        self.students = [
            rows.student(schools[child], f"Mia {child}", guardian_limit=limit).id for child in CHILDREN
        ]
        self._guardians = [rows.guardian(f"Grace{guardian} Tran").id for guardian in GUARDIANS]
        self._office = rows.staff(schools[0]).id

    def student(self, number: int) -> Student:
        return db.session.get_one(Student, self.students[number])

    def guardian(self, number: int) -> Guardian:
        return db.session.get_one(Guardian, self._guardians[number])

    @property
    def office(self) -> Staff:
        return db.session.get_one(Staff, self._office)

    def codes(self) -> list[AccessCode]:
        return list(db.session.scalars(select(AccessCode)))

    def seen_by(self, guardian: int) -> set[int]:
        seen = Student.visible_to(self.guardian(guardian), Permission.VIEW_CHILD)
        return set(db.session.scalars(seen.with_only_columns(Student.id)))

    def pairings(self, guardian: int, numbers: set[int]) -> list[Pairing]:
        students = [self.students[number] for number in numbers]
        live = select(Pairing).where(Pairing.student_id.in_(students), Pairing.revoked_at.is_(None))
        return list(db.session.scalars(live.where(Pairing.guardian_id == self._guardians[guardian])))

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What the act returns; None when it was refused."""
        try:
            with db.writing():
                db.session.execute(delete(ThrottleCount))
                return _counted(act)
        except Refused:
            return None

    def send_to(self, school: int, number: int) -> None:
        self._import(number, school_id=self._schools[school])

    def mark_as_left(self, number: int, moment: Any) -> None:
        self._import(number, left_at=moment)

    def add_year(self, school: int, year: int, last_day: date) -> None:
        _add_year(db.session.get_one(School, self._schools[school]), year, last_day)

    def read_anew(self) -> None:
        db.session.rollback()
        db.session.expire_all()

    def _import(self, number: int, **fields: Any) -> None:
        with db.writing():
            db.session.execute(update(Student).where(Student.id == self.students[number]).values(fields))


def _counted(act: Callable[[], Any]) -> Any:
    """A code that does not pair is counted, so that refusal is stored and not rolled back."""
    try:
        return act()
    except CodeRefused:
        return None


def _open_school(number: int, calendar: Calendar) -> School:
    school = rows.school(f"School {number}", time_zone=calendar.zone, year=None)
    for year, last_day in calendar.last_days.items():
        _add_year(school, year, last_day)
    return school


def _add_year(school: School, year: int, last_day: date) -> None:
    first_day = last_day - timedelta(days=300)
    rows.stored(SchoolYear.of(school, year=year, first_day=first_day, last_day=last_day))
