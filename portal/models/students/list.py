"""List the students of one school for staff, a page at a time, in one statement that reads columns only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.codes.family_status import FamilyStatus, with_codes
from portal.models.guardians.pairing import guardian_count
from portal.models.rows import Order, Page, counted, page
from portal.models.schools.school import School, SchoolYear
from portal.models.schools.school_class import SchoolClass
from portal.models.students.filter import LOWEST_GRADE, Sort, StudentFilter
from portal.models.students.student import Student
from portal.policy.permissions import Permission


class Listing(NamedTuple):
    """A kind of list: the permission that it needs on each student, and the number of students a page.

    Counting stops just above `most_counted`; beyond it, the page shows a number such as "1,000+". `further` holds
    additional columns.
    """

    permission: Permission
    page: int
    most_counted: int
    further: tuple[Any, ...] = ()


class StudentLine(NamedTuple):
    """One student in a list. `code_expires_at` is None where there is no code or no such school year.

    `letter_made_at` says when a letter with this code was made; only the list of access codes reads it.
    """

    public_id: str
    first_name: str
    family_name: str
    number: str | None
    grade: int | None
    homeroom: str | None
    is_enrolled: bool
    has_code: bool
    code_expires_at: datetime | None
    guardians: int
    letter_made_at: datetime | None = None

    def status(self, now: datetime) -> FamilyStatus:
        """Return the status of the student's family at that moment."""
        stands = FamilyStatus.of_code(
            is_enrolled=self.is_enrolled, has_code=self.has_code, expires_at=self.code_expires_at, at=now
        )
        return stands.with_guardians(self.guardians)


def sees_status(account: Account) -> bool:
    """Return whether this account may see the family status of every student in its reach."""
    seen = account.reaches(Permission.VIEW_GUARDIANS) | account.reaches(Permission.MANAGE_CODES)
    return account.reaches(Permission.VIEW_STUDENT) <= seen


def students_of(
    school: School, student_filter: StudentFilter, *, by: Account, listing: Listing
) -> Page[StudentLine]:
    """Return the page of `school`'s students in `by`'s reach that `student_filter` finds. One statement."""
    is_found = and_(
        Student.school_id == school.id, Student.reachable(by, listing.permission), *student_filter.criteria()
    )
    rows = _LINES.add_columns(*listing.further).where(is_found)
    total = counted(is_found, most=listing.most_counted)
    found = page(
        rows, _order(student_filter.sort, school), after=student_filter.after, size=listing.page, total=total
    )
    return found.of(lambda row: StudentLine(*row[:-1]))


def _order(sort: Sort | None, school: School) -> Order:
    """Return the order by `sort`, if given, and then by name."""
    columns = (*_FIRST_BY.get(sort, ()), Student.sort_key, Student.id)
    places = (
        select(*columns).select_from(Student).outerjoin(SchoolClass, SchoolClass.id == Student.homeroom_id)
    )
    return Order(columns=columns, mark=Student.public_id, places=places.where(Student.school_id == school.id))


_FIRST_BY: Mapping[Sort | None, tuple[ColumnElement[Any], ...]] = {
    Sort.GRADE: (func.coalesce(Student.grade, LOWEST_GRADE - 1),),
    Sort.HOMEROOM: (func.coalesce(SchoolClass.title, ""),),
}

_LINES = with_codes(
    select(
        Student.public_id,
        Student.first_name,
        Student.family_name,
        Student.student_number,
        Student.grade,
        SchoolClass.title,
        Student.is_enrolled(),
        AccessCode.id.is_not(None),
        SchoolYear.ends_at,
        guardian_count(),
    ).outerjoin(Student.homeroom)
)

#: The lists of students whom a person may see, and of students whose access codes the person may manage.
STUDENTS = Listing(Permission.VIEW_STUDENT, page=50, most_counted=1_000)
ACCESS = Listing(
    Permission.MANAGE_CODES,
    page=100,
    most_counted=5_000,
    further=(AccessCode.letter_made_at,),
)
