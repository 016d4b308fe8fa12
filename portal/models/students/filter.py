"""The filter of a list of students, read from its search fields and translated into SQL."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, select

from portal import clock
from portal.models.codes.family_status import StatusChoice
from portal.models.rows import fold
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

    `school` is a public id, `homeroom` and `course` are titles, `language` is a tag or UNKNOWN. `after` is the public
    id of the last student already shown; the page begins behind that student.
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

    def criteria(self) -> list[ColumnElement[bool]]:
        """Return the criteria on Student. Former students are found by words only, and have no status."""
        words = fold(self.words).split()
        narrowed = [Student.search_key.contains(word, autoescape=True) for word in words]
        if self.status:
            narrowed.append(self.status.criterion(clock.now()))
        elif not words:
            narrowed.append(and_(Student.is_enrolled()))
        return [*self.bounds(), *narrowed, *self._of_the_roster()]

    def bounds(self) -> list[ColumnElement[bool]]:
        """Return the criteria for all students that a list of this school can show, with former students."""
        return [Student.school_id == _school_id(self.school)] if self.school else []

    def _of_the_roster(self) -> Iterator[ColumnElement[bool]]:
        if self.grade is not None:
            yield Student.grade == self.grade
        if self.homeroom:
            yield Student.homeroom_id.in_(self._classes(ClassKind.HOMEROOM, self.homeroom))
        if self.course:
            yield Student.id.in_(self._in_course())
        if self.language:
            yield Student.language == (None if self.language == UNKNOWN else self.language)

    def _in_course(self) -> Select[int]:
        classes = self._classes(ClassKind.COURSE, self.course).where(SchoolClass.is_current())
        is_in = and_(Enrolment.class_id.in_(classes), Enrolment.is_current())
        return select(Enrolment.student_id).where(is_in)

    def _classes(self, kind: ClassKind, title: str) -> Select[int]:
        of_title = select(SchoolClass.id).where(SchoolClass.kind == kind.value, SchoolClass.title == title)
        return of_title.where(SchoolClass.school_id == _school_id(self.school)) if self.school else of_title


_GRADES = {str(grade) for grade in range(LOWEST_GRADE, HIGHEST_GRADE + 1)}


def _school_id(public_id: str) -> ScalarSelect[int]:
    return select(School.id).where(School.public_id == public_id).scalar_subquery()
