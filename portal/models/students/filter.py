"""The filter of a list of students, read from its search fields and translated into SQL."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Integer, Select, String, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import UtcDateTime
from portal.models.codes.family_status import StatusChoice
from portal.models.paging import Asked, anywhere, asked_words, with_values, word_criterion
from portal.models.schools.school import School
from portal.models.schools.school_class import ClassKind, Enrolment, SchoolClass
from portal.models.students.student import Student

LOWEST_GRADE, HIGHEST_GRADE = -1, 12

#: The value of `language` for students whose home language is not known.
UNKNOWN = "none"


class Sort(StrEnum):
    """The column by which a list is ordered; without one, it is ordered by name."""

    GRADE = "grade"
    HOMEROOM = "homeroom"


class StudentFilter(NamedTuple):
    """The values of the search fields; an empty field does not narrow the list.

    `school` is a public id, `homeroom` and `course` are titles or parts of some, `language` is a tag or UNKNOWN.
    `after` is the public id of the last student already shown; the page begins behind that student.
    """

    words: str = ""
    school: str = ""
    grade: int | None = None
    homeroom: str = ""
    course: str = ""
    status: StatusChoice | None = None
    language: str = ""
    sort: Sort | None = None
    after: str = ""

    @classmethod
    def from_query(cls, sent: Mapping[str, str]) -> Self:
        """Read the filter from a form or an address. Values that make no sense are ignored."""
        grade, status, sort = (sent.get(name, "") for name in ("grade", "status", "sort"))
        return cls(
            words=sent.get("q", "")[:100],
            school=sent.get("school", "")[:22],
            grade=int(grade) if grade in _GRADES else None,
            homeroom=sent.get("homeroom", "")[:200],
            course=sent.get("class", "")[:200],
            status=StatusChoice(status) if status in set(StatusChoice) else None,
            language=sent.get("language", "")[:12],
            sort=Sort(sort) if sort in set(Sort) else None,
            after=sent.get("after", "")[:22],
        )

    @property
    def query(self) -> dict[str, Any]:
        """The fields that `from_query` reads, without `after`, for an address, hidden fields or storage as JSON."""
        told = {
            "q": self.words,
            "school": self.school,
            "grade": "" if self.grade is None else str(self.grade),
            "homeroom": self.homeroom,
            "class": self.course,
            "status": self.status or "",
            "language": self.language,
            "sort": self.sort or "",
        }
        return {name: str(value) for name, value in told.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether any field other than the school narrows the list."""
        return bool(self._replace(school="", sort=None).query)

    @property
    def asked(self) -> Asked:
        """What it asks of a list. Former students are found by words only, and have no status."""
        words, rest = asked_words(self.words), self._narrowed
        enrolled = () if self.status or words.shape else ("enrolled",)
        values = {f"asked_{name.partition(' ')[0]}": value for name, value in rest.items()}
        values |= {"asked_now": clock.now(), "asked_school": self.school}
        values |= title_values(ClassKind.HOMEROOM, self.homeroom) | title_values(
            ClassKind.COURSE, self.course
        )
        return Asked((*enrolled, *words.shape, *rest), {**words.values, **values})

    def criteria(self) -> list[ColumnElement[bool]]:
        """Return the criteria on Student, with their values, for a statement that is built for one request."""
        asked = self.asked
        return [with_values(each, asked.values) for each in criteria_of(asked.shape)]

    def bounds(self) -> list[ColumnElement[bool]]:
        """Return the criteria for all students that a list of this school can show, with former students."""
        return [with_values(_IN_SCHOOL, {"asked_school": self.school})] if self.school else []

    @property
    def _narrowed(self) -> dict[str, Any]:
        """The values of the fields that are filled in, by the name of the criterion in _CRITERIA."""
        anywhere = "" if self.school else " anywhere"
        unknown = " unknown" if self.language == UNKNOWN else ""
        told: dict[str, Any] = {
            "school": self.school or None,
            "grade": self.grade,
            f"homeroom{anywhere}": self.homeroom or None,
            f"course{anywhere}": self.course or None,
            f"status {self.status}": self.status,
            f"language{unknown}": self.language or None,
        }
        return {name: value for name, value in told.items() if value is not None}


def criteria_of(shape: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """Return the criteria on Student of that shape, whose values come as parameters: see `StudentFilter.asked`."""
    found = ((name, word_criterion(Student.search_key, name)) for name in shape)
    return [_CRITERIA[name] if word is None else word for name, word in found]


_GRADES = {str(grade) for grade in range(LOWEST_GRADE, HIGHEST_GRADE + 1)}

_SCHOOL_ID = (
    select(School.id).where(School.public_id == bindparam("asked_school", type_=String)).scalar_subquery()
)
_IN_SCHOOL = Student.school_id == _SCHOOL_ID


def titled(kind: ClassKind, *criteria: Any, school_id: Any = None) -> Select[int]:
    """Select the ids of the classes of that title or, where a school has none, of those whose titles contain it.

    `title_values` gives the parameters.
    """
    title, part = (bindparam(name, type_=String) for name in title_values(kind, ""))
    same = aliased(SchoolClass)
    has_same = select(same.id).where(
        same.school_id == SchoolClass.school_id, same.kind == kind.value, same.title == title
    )
    is_like = func.lower(SchoolClass.title).like(func.lower(part), escape="/")
    is_meant = or_(SchoolClass.title == title, and_(is_like, ~has_same.exists()))
    classes = select(SchoolClass.id).where(SchoolClass.kind == kind.value, is_meant, *criteria)
    return classes if school_id is None else classes.where(SchoolClass.school_id == school_id)


def title_values(kind: ClassKind, text: str) -> dict[str, str]:
    """Return the parameters of `titled`."""
    return {f"asked_{kind.value}": text, f"asked_{kind.value}_part": anywhere(text)}


def _in_homeroom(school_id: Any = None) -> ColumnElement[bool]:
    return Student.homeroom_id.in_(titled(ClassKind.HOMEROOM, school_id=school_id))


def _in_course(school_id: Any = None) -> ColumnElement[bool]:
    classes = titled(ClassKind.COURSE, SchoolClass.is_current(), school_id=school_id)
    is_in = and_(Enrolment.class_id.in_(classes), Enrolment.is_current())
    return Student.id.in_(select(Enrolment.student_id).where(is_in))


_NOW = bindparam("asked_now", type_=UtcDateTime())

_CRITERIA: Mapping[str, ColumnElement[bool]] = {
    "school": _IN_SCHOOL,
    "enrolled": and_(Student.is_enrolled()),
    "grade": Student.grade == bindparam("asked_grade", type_=Integer),
    "homeroom": _in_homeroom(_SCHOOL_ID),
    "homeroom anywhere": _in_homeroom(),
    "course": _in_course(_SCHOOL_ID),
    "course anywhere": _in_course(),
    "language": Student.language == bindparam("asked_language", type_=String),
    "language unknown": Student.language.is_(None),
    **{f"status {each}": each.criterion(_NOW) for each in StatusChoice},
}
