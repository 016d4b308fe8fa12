"""What the files of a roster say, line by line, in our words.

Named tuples rather than dataclasses: a roster has hundreds of thousands of lines, and these are made faster.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Mode(StrEnum):
    """How much a file says, by its manifest."""

    ABSENT = "absent"
    BULK = "bulk"  # everything there is: what is not in it is gone
    DELTA = "delta"  # only what changed


class Part(StrEnum):
    """What somebody is at a school."""

    STUDENT = "student"
    STAFF = "staff"
    CONTACT = "contact"


class Role(NamedTuple):
    """Somebody has a part at an organisation; `name` is the role's own name, in lower case."""

    part: Part
    name: str
    org_id: str


class OrgRow(NamedTuple):
    line: int
    source_id: str
    is_deleted: bool
    name: str
    type: str
    identifier: str
    parent_id: str


class SessionRow(NamedTuple):
    """A school year, term or grading period."""

    line: int
    source_id: str
    is_deleted: bool
    title: str
    type: str
    first_day: date | None
    last_day: date | None
    parent_id: str
    #: The calendar year in which the school year ends.
    year: int | None


class ClassRow(NamedTuple):
    line: int
    source_id: str
    is_deleted: bool
    title: str
    code: str
    room: str
    is_homeroom: bool
    school_id: str
    session_ids: tuple[str, ...]


class UserRow(NamedTuple):
    """A student, member of staff or contact, or several of these at once."""

    line: int
    source_id: str
    is_deleted: bool
    roles: tuple[Role, ...]
    given_name: str
    middle_name: str
    family_name: str
    preferred_name: str
    number: str
    email: str
    phone: str
    grade: int | None
    agent_ids: tuple[str, ...]


class EnrolmentRow(NamedTuple):
    """Somebody is in a class; `role` is "student" or "teacher", or what else the file says."""

    line: int
    source_id: str
    is_deleted: bool
    class_id: str
    user_id: str
    role: str
    is_primary: bool
    first_day: date | None
    last_day: date | None


class AttendanceRow(NamedTuple):
    """One student on one day; `source_id` is the student's. The last three are stored as they are."""

    line: int
    source_id: str
    day: date
    status: str
    minutes_late: int | None
    reason: str | None


class StaffRow(NamedTuple):
    """One line of a pedagogue file: a person at a school."""

    line: int
    source_id: str
    given_name: str
    family_name: str
    email: str
    title: str
    school_identifier: str
    is_principal: bool
