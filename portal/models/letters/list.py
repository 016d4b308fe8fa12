"""Read what the letters of many students say, in a few statements and in the order of printing."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.codes.family_status import FamilyStatus, with_codes
from portal.models.codes.sealed_code import open_code
from portal.models.event import moment
from portal.models.letters.order import adults_of, by_homeroom, together
from portal.models.letters.wording import Wordings, wordings_of
from portal.models.mail.instructions import first_written
from portal.models.schools.school import School, SchoolYear
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.policy.permissions import Permission


class LetterOrder(StrEnum):
    """The order of printing: by homeroom, or with the letters of a household together."""

    HOMEROOM = "homeroom"
    HOUSEHOLD = "household"


class Recipient(NamedTuple):
    """One letter. `code` has twelve symbols; `language` is what it is written in, `home_language` what is on file.

    `homeroom` is empty where there is none. `pile` is the homeroom that it is handed out in, which for the letters
    of a household is the one of the youngest child.
    """

    student_id: int
    code_id: int
    public_id: str
    name: str
    number: str
    grade: int | None
    homeroom: str
    pile: str
    sort_key: str
    language: str
    home_language: str | None
    code: str
    last_day: date
    school: School
    #: What the school wrote in this language, by box; ours where it wrote nothing.
    wording: Mapping[str, str]


class Skipped(NamedTuple):
    """A student who gets no letter; `status` says why."""

    public_id: str
    name: str
    homeroom: str
    status: FamilyStatus


class LetterList(NamedTuple):
    """Those who get a letter, in the order of printing, school by school; and those who get none."""

    recipients: list[Recipient]
    skipped: list[Skipped]


def letters_of(
    criterion: ColumnElement[bool],
    *,
    by: Account | None,
    order: LetterOrder = LetterOrder.HOMEROOM,
    language: str | None = None,
) -> LetterList:
    """Return the letters of the students that `criterion`, over Student, selects in reach of `by`.

    None for `by` is the operator, who reaches everybody. `language` is that of all letters; without it, each is in the
    language of its family. Needs at most five statements, however many letters there are.
    """
    reached = criterion if by is None else and_(criterion, Student.reachable(by, Permission.MANAGE_CODES))
    rows, now = db.session.execute(_COLUMNS.where(reached)).all(), moment()
    schools = _schools({row.school_id for row in rows})
    wordings = wordings_of(schools)
    recipients, skipped = [], []
    for row in rows:
        if (status := _status(row, now)) is FamilyStatus.WAITING:
            recipients.append(_recipient(row, schools[row.school_id], wordings, wish=language))
        else:
            skipped.append(Skipped(row.public_id, row.name, row.homeroom or "", status))
    if order is LetterOrder.HOUSEHOLD:
        return LetterList(together(recipients, adults_of(reached)), skipped)
    return LetterList(sorted(recipients, key=by_homeroom), skipped)


def _schools(ids: set[int]) -> dict[int, School]:
    return {row.id: row for row in db.session.scalars(select(School).where(School.id.in_(ids)))}


def _status(row: Any, now: datetime) -> FamilyStatus:
    """Whoever is paired: a second guardian needs a letter, too."""
    has_code = row.code_id is not None
    return FamilyStatus.of_code(
        is_enrolled=row.is_enrolled, has_code=has_code, expires_at=row.ends_at, at=now
    )


def _recipient(row: Any, school: School, wordings: Wordings, *, wish: str | None) -> Recipient:
    language = first_written(wish, row.language, school.language)
    return Recipient(
        student_id=row.id,
        code_id=row.code_id,
        public_id=row.public_id,
        name=row.name,
        number=row.student_number or "",
        grade=row.grade,
        homeroom=row.homeroom or "",
        pile=row.homeroom or "",
        sort_key=row.sort_key,
        language=language,
        home_language=row.language,
        code=open_code(row.sealed, student_id=row.id, public_id=row.code_public_id),
        last_day=clock.last_day_before(row.ends_at, school.time_zone),
        school=school,
        wording=wordings.get((school.id, language), {}),
    )


_COLUMNS = with_codes(
    select(
        Student.id,
        Student.public_id,
        Student.school_id,
        Student.name,
        Student.student_number,
        Student.grade,
        Student.language,
        and_(Student.is_enrolled()).label("is_enrolled"),
        Student.sort_key,
        SchoolClass.title.label("homeroom"),
        AccessCode.id.label("code_id"),
        AccessCode.public_id.label("code_public_id"),
        AccessCode.sealed,
        SchoolYear.ends_at,
    ).outerjoin(Student.homeroom)
)
