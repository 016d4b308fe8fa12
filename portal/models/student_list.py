"""Students of one school as staff look through them: columns only, a page at a time, the same few statements."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_

from portal import clock
from portal.db import db
from portal.models.access_code import AccessCode
from portal.models.account import Account
from portal.models.school import School, SchoolYear
from portal.models.school_class import SchoolClass
from portal.models.student import Student
from portal.models.wanted import Wanted, guardians
from portal.permissions import Permission

PAGE = 50
#: Counting stops here: beyond it, "1,000+" says enough.
MOST_COUNTED = 1000


class Line(NamedTuple):
    """One student in the list. `code_ends_at` is none where there is no code, or no such school year."""

    public_id: str
    given_name: str
    preferred_name: str | None
    family_name: str
    number: str | None
    grade: int | None
    homeroom: str | None
    left_at: datetime | None
    code_id: int | None
    code_ends_at: datetime | None
    guardians: int
    total: int

    @property
    def first_name(self) -> str:
        return self.preferred_name or self.given_name

    def status(self, now: datetime) -> str:
        """Where this student stands with guardians, in one word for the template."""
        if self.left_at:
            return "left"
        if self.guardians:
            return "paired"
        if self.code_id is None:
            return "not_enabled"
        return "waiting" if self.code_ends_at and now < self.code_ends_at else "expired"


class StudentList(NamedTuple):
    """One page. `total` stops just above MOST_COUNTED; `after` leads to the next page, none on the last."""

    lines: list[Line]
    total: int
    after: str | None
    now: datetime


def students_of(school: School, wanted: Wanted, *, by: Account) -> StudentList:
    """The page of `school`'s students in `by`'s reach that `wanted` describes. One statement."""
    found = and_(
        Student.school_id == school.id,
        Student.reachable(by, Permission.VIEW_STUDENT),
        *wanted.criteria(),
    )
    counted = select(literal(1)).where(found).limit(MOST_COUNTED + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    page = _LINES.add_columns(total).where(found)
    if wanted.after:
        page = page.where(_behind(wanted.after, school))
    rows = db.session.execute(page.order_by(Student.sort_key, Student.id).limit(PAGE + 1)).all()
    lines = [Line(*row) for row in rows]
    after = lines[PAGE - 1].public_id if len(lines) > PAGE else None
    return StudentList(lines[:PAGE], lines[0].total if lines else 0, after, clock.now())


def _behind(public_id: str, school: School) -> ColumnElement[bool]:
    last = and_(_last.c.public_id == public_id, _last.c.school_id == school.id)
    sort_key, id_ = (
        select(column).where(last).scalar_subquery() for column in (_last.c.sort_key, _last.c.id)
    )
    return tuple_(Student.sort_key, Student.id) > tuple_(sort_key, id_)


_last = Student.__table__.alias()

_LINES = (
    select(
        Student.public_id,
        Student.given_name,
        Student.preferred_name,
        Student.family_name,
        Student.student_number,
        Student.grade,
        SchoolClass.title,
        Student.left_at,
        AccessCode.id,
        SchoolYear.ends_at,
        guardians(),
    )
    .outerjoin(SchoolClass, SchoolClass.id == Student.homeroom_id)
    .outerjoin(AccessCode, and_(AccessCode.student_id == Student.id, AccessCode.ended_at.is_(None)))
    .outerjoin(
        SchoolYear, and_(SchoolYear.school_id == Student.school_id, SchoolYear.year == AccessCode.year)
    )
)
