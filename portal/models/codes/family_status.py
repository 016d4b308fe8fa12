"""The status of a student's family in the portal (rule A15), in SQL, in Python and in words."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, case, or_, select

from portal.models.codes.access_code import AccessCode
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school import SchoolYear, has_not_ended
from portal.models.students.student import Student
from portal.text.language import lazy_gettext as _


class FamilyStatus(StrEnum):
    """The status of a student's family; each student has exactly one. Lists sort by it in this order."""

    LEFT = "left"
    NOT_ENABLED = "not_enabled"
    EXPIRED = "expired"
    #: A code works, and nobody is paired yet.
    WAITING = "waiting"
    #: In any state of the code, since pairings go on from year to year (rule A14).
    PAIRED = "paired"

    @classmethod
    def of_code(
        cls, *, is_enrolled: bool, has_code: bool, expires_at: datetime | None, at: datetime
    ) -> "FamilyStatus":
        """Return the status as if nobody were paired, as letters and the Portal Access tab need it (rule A14)."""
        if not is_enrolled:
            return cls.LEFT
        if not has_code:
            return cls.NOT_ENABLED
        return cls.WAITING if has_not_ended(expires_at, at) else cls.EXPIRED

    def with_guardians(self, number: int) -> "FamilyStatus":
        """Return the status of a student with this status of the code and so many guardians."""
        return FamilyStatus.PAIRED if number and self is not FamilyStatus.LEFT else self

    @property
    def rank(self) -> int:
        """Its place in the order, which represents it in SQL."""
        return RANKED.index(self)

    @property
    def label(self) -> str:
        return str(WORDS[self])


RANKED = tuple(FamilyStatus)


class StatusChoice(StrEnum):
    """A choice in the status filter of a list of students: one status, or a property that several share."""

    NOT_ENABLED = "not_enabled"
    WAITING = "waiting"
    PAIRED = "paired"
    EXPIRED = "expired"
    #: There is neither a working code nor a guardian.
    NO_CODE = "no_code"
    UNPAIRED = "unpaired"
    ONE_GUARDIAN = "one_guardian"
    #: There is a working code or a guardian.
    ENABLED = "enabled"

    def criterion(self, at: Any) -> ColumnElement[bool]:
        """Return the criterion for the enrolled students of this choice at that moment, which may be a parameter.

        The rules are those of `status_rank`.
        """
        guardians = guardian_count()
        has_code = _has_open_code()
        works = has_working_code(at)
        paired = guardians > 0
        meant = {
            StatusChoice.PAIRED: paired,
            StatusChoice.UNPAIRED: ~paired,
            StatusChoice.ONE_GUARDIAN: guardians == 1,
            StatusChoice.NOT_ENABLED: and_(~paired, ~has_code),
            StatusChoice.WAITING: and_(~paired, works),
            StatusChoice.EXPIRED: and_(~paired, has_code, ~works),
            StatusChoice.NO_CODE: and_(~paired, ~works),
            StatusChoice.ENABLED: is_enabled(works, guardians),
        }
        return and_(Student.is_enrolled(), meant[self])

    @property
    def label(self) -> str:
        return str(WORDS[self])


#: The choices that are one status each, in the order in which they are offered.
STATUSES = (StatusChoice.NOT_ENABLED, StatusChoice.WAITING, StatusChoice.PAIRED, StatusChoice.EXPIRED)

#: The labels, by value: a status and the choice of the same name have one label.
WORDS: Mapping[str, Any] = {
    "left": _("Left the school"),
    "not_enabled": _("Not enabled"),
    "expired": _("Expired"),
    "waiting": _("Waiting for the family"),
    "paired": _("Paired"),
    "no_code": _("No code that works"),
    "unpaired": _("Nobody connected"),
    "one_guardian": _("One guardian only"),
    "enabled": _("Enabled or paired"),
}


def status_rank(at: Any) -> ColumnElement[int]:
    """Return the rank of each Student's status at that moment, in a statement with both joins of CODE_JOINS."""
    is_paired = and_(Student.is_enrolled(), guardian_count() > 0)
    return case((is_paired, FamilyStatus.PAIRED.rank), else_=code_rank(at))


def code_rank(at: Any) -> ColumnElement[int]:
    """Return the same rank as if nobody were paired, for lists that count the guardians: see `with_guardians`."""
    return case(
        (~Student.is_enrolled(), FamilyStatus.LEFT.rank),
        (AccessCode.id.is_(None), FamilyStatus.NOT_ENABLED.rank),
        (SchoolYear.is_open_at(at), FamilyStatus.WAITING.rank),
        else_=FamilyStatus.EXPIRED.rank,
    )


def is_enabled(works: ColumnElement[bool], guardians: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the criterion that a student is enabled: the code works, or there is a guardian."""
    return or_(works, guardians > 0)


def has_working_code(at: Any) -> Exists:
    """Select whether the Student of the enclosing statement has a code that works at `at`, which may be a parameter."""
    return _open_code().where(_IS_ITS_YEAR, SchoolYear.is_open_at(at)).exists()


def with_codes(students: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return `students` joined with the open AccessCode of each and its SchoolYear, where there are any."""
    for table, criterion in CODE_JOINS.values():
        students = students.outerjoin(table, criterion)
    return students


def _open_code() -> Select[int]:
    return select(AccessCode.id).where(_IS_ITS_CODE).correlate(Student)


def _has_open_code() -> Exists:
    return _open_code().exists()


def working_code(student: Student, at: datetime) -> AccessCode | None:
    """Return the code if it pairs at that moment; None when it has expired or the student has left."""
    return student.code if student.code and student.code.pairs_at(at) else None


#: The open code of a Student, of which there is at most one, and the year of the school where the student is now.
_IS_ITS_CODE = and_(AccessCode.student_id == Student.id, AccessCode.is_open())
_IS_ITS_YEAR = and_(SchoolYear.school_id == Student.school_id, SchoolYear.year == AccessCode.year)
CODE_JOINS: Mapping[str, tuple[Any, ColumnElement[bool]]] = {
    "code": (AccessCode, _IS_ITS_CODE),
    "code_year": (SchoolYear, _IS_ITS_YEAR),
}
