"""Students of one school as staff look through them: columns only, a page at a time, the same few statements."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.schools.school import School, SchoolYear
from portal.models.schools.school_class import SchoolClass
from portal.models.students.filter import LOWEST_GRADE, Sort, StudentFilter, guardians
from portal.models.students.student import Student
from portal.policy.permissions import Permission


class Listing(NamedTuple):
    """A kind of list: the students on whom `permission` is held, so many a page.

    Counting stops just above `most_counted`: beyond it, "1,000+" says enough. `further` is what is told of
    each student beside the usual.
    """

    permission: Permission
    page: int
    most_counted: int
    further: tuple[Any, ...] = ()


class Line(NamedTuple):
    """One student in a list. `code_ends_at` is none where there is no code, or no such school year.

    The last one is told on the list of access codes only: when a letter with this very code was made.
    """

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
    letter_made_at: datetime | None = None

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
    """One page. `total` stops just above the listing's `most_counted`; `after` leads to the next page, if any."""

    lines: list[Line]
    total: int
    after: str | None
    now: datetime


def students_of(
    school: School, student_filter: StudentFilter, *, by: Account, listing: Listing
) -> StudentList:
    """The page of `school`'s students in `by`'s reach that `student_filter` describes. One statement."""
    is_found = and_(
        Student.school_id == school.id, Student.reachable(by, listing.permission), *student_filter.criteria()
    )
    counted = select(literal(1)).where(is_found).limit(listing.most_counted + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    page = _LINES.add_columns(total, *listing.further).where(is_found)
    if student_filter.after:
        page = page.where(_is_behind(student_filter.after, school, student_filter.sort))
    order = _order(student_filter.sort, Student.__table__, SchoolClass.__table__)
    rows = db.session.connection().execute(page.order_by(*order).limit(listing.page + 1)).all()
    lines = [Line(*row) for row in rows[: listing.page]]
    after = lines[-1].public_id if len(rows) > listing.page else None
    return StudentList(lines, lines[0].total if lines else 0, after, clock.now())


def _order(sort: Sort | None, student: Any, homeroom: Any) -> tuple[ColumnElement[Any], ...]:
    """What a list is ordered by: by name, when nothing else is asked, and by name among equals."""
    by_name = (student.c.sort_key, student.c.id)
    match sort:
        case Sort.GRADE:
            return (func.coalesce(student.c.grade, LOWEST_GRADE - 1), *by_name)
        case Sort.HOMEROOM:
            return (func.coalesce(homeroom.c.title, ""), *by_name)
        case _:
            return by_name


def _is_behind(public_id: str, school: School, sort: Sort | None) -> ColumnElement[bool]:
    is_last = and_(_last.c.public_id == public_id, _last.c.school_id == school.id)
    place = _last.outerjoin(_last_homeroom, _last_homeroom.c.id == _last.c.homeroom_id)
    here, there = (
        _order(sort, Student.__table__, SchoolClass.__table__),
        _order(sort, _last, _last_homeroom),
    )
    return tuple_(*here) > tuple_(
        *(select(column).select_from(place).where(is_last).scalar_subquery() for column in there)
    )


_last, _last_homeroom = Student.__table__.alias(), SchoolClass.__table__.alias()

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

#: The students whom one may see, and those whose access codes one may manage.
STUDENTS = Listing(Permission.VIEW_STUDENT, page=50, most_counted=1_000)
ACCESS = Listing(
    Permission.MANAGE_CODES,
    page=100,
    most_counted=5_000,
    further=(AccessCode.letter_made_at,),
)
