"""The choices that a list of students offers: schools, and the grades, homerooms and courses of one school."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.schools.school import School, school_ids_within
from portal.models.schools.school_class import ClassKind, SchoolClass
from portal.models.schools.school_roster import SchoolRoster
from portal.models.students.student import Student
from portal.policy.permissions import Permission, Reach, Scope
from portal.policy.reach import SOMEBODY, Scopes, asked_by, somewhere

#: The greatest number of schools that are offered.
MOST_SCHOOLS = 30

#: The greatest number of homerooms, and of courses, that are offered.
MOST_TITLES = 2_000

#: How many schools' choices one process keeps.
SCHOOLS_KEPT = 64


class Choices(NamedTuple):
    """The grades of a school, and the titles of its homerooms and courses, sorted."""

    grades: tuple[int, ...] = ()
    homerooms: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()


def schools_of(account: Account, permission: Permission, *, first: str = "") -> list[School]:
    """Return the schools where `account` holds `permission`, by name; the one with the public id `first` is first.

    Takes no statement for an account that works at schools only: they were read with its sign-in.
    """
    known = account.known_schools(permission)
    if known is not None:
        known.sort(key=lambda school: (school.public_id != first, school.name, school.id))
        return known[:MOST_SCHOOLS]
    scopes, asker = asked_by(account, permission)
    return list(db.session.scalars(_schools(scopes), asker | {"first": first}))


@lru_cache
def _schools(scopes: Scopes) -> Select[School]:
    within = (School.id.in_(_ids(somewhere(scope))) for scope in scopes)
    is_first = case((School.public_id == bindparam("first", type_=String), 0), else_=1)
    schools = select(School).where(or_(false(), *within)).order_by(is_first, School.name, School.id)
    return schools.limit(MOST_SCHOOLS)


def _ids(reach: Reach) -> Any:
    return reach.places if reach.scope is Scope.CASELOAD else school_ids_within(reach, SOMEBODY.id)


def choices_in(school: School) -> Choices:
    """Return the grades and homerooms that have students, and the courses.

    They are kept until the stamp of the school's roster changes, which is read each time (decision 32). In a write
    transaction they are read anew: its changes may be undone.
    """
    if "write" in db.session.info:
        return _read(school.id)
    stamp = db.session.connection().execute(_STAMP, {"school_id": school.id}).scalar()
    return _kept(school.id, stamp)


@lru_cache(maxsize=SCHOOLS_KEPT)
def _kept(school_id: int, _stamp: int | None) -> Choices:
    return _read(school_id)


def _read(school_id: int) -> Choices:
    found: dict[str, set[Any]] = {}
    for kind, grade, title in db.session.connection().execute(_CHOICES, {"school_id": school_id}):
        found.setdefault(kind, set()).add(grade if title is None else title)
    grades, homerooms, titles = (tuple(sorted(found.get(kind, ()))) for kind in ("grade", *_KINDS))
    return Choices(grades, homerooms, titles)


def _steps_through_grades() -> Any:
    """Select the grades by stepping through an index, because DISTINCT would read every student."""
    here = bindparam("school_id", type_=Integer)
    first = select(func.min(Student.grade).label("grade")).where(Student.school_id == here)
    step = first.cte("grade_steps", recursive=True)
    higher = select(func.min(Student.grade)).where(Student.school_id == here, Student.grade > step.c.grade)
    step = step.union_all(select(higher.scalar_subquery()).where(step.c.grade.is_not(None)))
    columns = (literal("grade").label("kind"), step.c.grade, cast(null(), String).label("title"))
    return select(*columns).where(step.c.grade.is_not(None))


def _titles(kind: ClassKind, *criteria: Any) -> Any:
    of_kind = select(SchoolClass.kind, literal(0), SchoolClass.title).where(
        SchoolClass.school_id == bindparam("school_id", type_=Integer),
        SchoolClass.kind == kind.value,
        SchoolClass.is_current(),
        *criteria,
    )
    return select(of_kind.order_by(SchoolClass.title).limit(MOST_TITLES).subquery())


_STAMP = select(SchoolRoster.stamp).where(SchoolRoster.school_id == bindparam("school_id", type_=Integer))

_KINDS = (ClassKind.HOMEROOM, ClassKind.COURSE)

#: Of the same school, whose stamp the student changes.
_HAS_STUDENTS = (
    select(Student.id)
    .where(
        Student.homeroom_id == SchoolClass.id,
        Student.school_id == SchoolClass.school_id,
        Student.is_enrolled(),
    )
    .exists()
)

_CHOICES = union_all(
    _steps_through_grades(), _titles(ClassKind.HOMEROOM, _HAS_STUDENTS), _titles(ClassKind.COURSE)
)
