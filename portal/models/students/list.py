"""List the students of one school for staff, a page at a time, in one statement that reads columns only."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, select

from portal import clock
from portal.db import UtcDateTime
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.codes.family_status import RANKED, FamilyStatus, code_rank, with_codes
from portal.models.guardians.pairing import guardian_count
from portal.models.paging import SHAPES, Order, Page, paged, read_page
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.filter import LOWEST_GRADE, Sort, StudentFilter, criteria_of
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.policy.reach import Scopes, asked_by


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
    """One student in a list. `letter_made_at` says when a letter with the present code was made.

    Only the list of access codes reads that.
    """

    public_id: str
    first_name: str
    family_name: str
    number: str | None
    grade: int | None
    homeroom: str | None
    code_rank: int
    guardians: int
    letter_made_at: datetime | None = None

    @property
    def status(self) -> FamilyStatus:
        """The status of the student's family at the moment of the list."""
        return RANKED[self.code_rank].with_guardians(self.guardians)


def sees_status(account: Account) -> bool:
    """Return whether this account may see the family status of every student in its reach."""
    seen = account.reaches(Permission.VIEW_GUARDIANS) | account.reaches(Permission.MANAGE_CODES)
    return account.reaches(Permission.VIEW_STUDENT) <= seen


def students_of(
    school: School, student_filter: StudentFilter, *, by: Account, listing: Listing, counts: bool = True
) -> Page[StudentLine]:
    """Return the page of `school`'s students in `by`'s reach that `student_filter` finds. One statement.

    `counts` asks for the total of all pages.
    """
    asked, (scopes, asker) = student_filter.asked, asked_by(by, listing.permission)
    is_later = bool(student_filter.after)
    statement = _pages(listing, scopes, asked.shape, student_filter.sort, is_later=is_later, counts=counts)
    values = {
        **asker,
        **asked.values,
        "school_id": school.id,
        "after": student_filter.after,
        "now": clock.now(),
    }
    found = read_page(statement, values, size=listing.page)
    return found.of(lambda row: StudentLine(*row[: len(row) - counts]))


@lru_cache(maxsize=SHAPES)
def _pages(
    listing: Listing,
    scopes: Scopes,
    shape: tuple[str, ...],
    sort: Sort | None,
    *,
    is_later: bool,
    counts: bool,
) -> Select[*tuple[Any, ...]]:
    here = Student.school_id == bindparam("school_id", type_=Integer)
    is_found = and_(here, Student.reachable_by_asker(scopes), *criteria_of(shape))
    rows = _LINES.add_columns(*listing.further)
    most = listing.most_counted if counts else None
    return paged(rows, is_found, _order(sort, here), size=listing.page, is_later=is_later, most_counted=most)


def _order(sort: Sort | None, here: ColumnElement[bool]) -> Order:
    """Return the order by `sort`, if given, and then by name."""
    columns = (*_FIRST_BY.get(sort, ()), Student.sort_key, Student.id)
    places = select(*columns).select_from(Student)
    if sort is Sort.HOMEROOM:
        places = places.outerjoin(SchoolClass, SchoolClass.id == Student.homeroom_id)
    return Order(columns=columns, mark=Student.public_id, places=places.where(here))


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
        code_rank(bindparam("now", type_=UtcDateTime())),
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
