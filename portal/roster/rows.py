"""The rows of the files of a roster, one class for each kind of file.

They are named tuples rather than dataclasses because a roster has hundreds of thousands of lines, and named tuples
are made faster. `line` is the number of the line from 1, `source_id` the identifier in the roster. Other ids of a
row, such as `class_id`, are identifiers in the roster, too; a value that the file does not give is "" or None.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Mode(StrEnum):
    """How much of the district a file holds, by the manifest."""

    ABSENT = "absent"
    BULK = "bulk"  # all rows; what is missing is gone
    DELTA = "delta"  # changed rows only


class Part(StrEnum):
    """The kinds of people."""

    STUDENT = "student"
    STAFF = "staff"
    CONTACT = "contact"


class Role(NamedTuple):
    """A role of a person at an organisation; `name` is the name in the file, in lower case."""

    part: Part
    name: str
    org_id: str


class OrgRow(NamedTuple):
    """An organisation, such as a school or a district; `type` is in lower case."""

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
    """A homeroom or a course, with the sessions in which it takes place."""

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
    """A person in a class; `role` is "student", "teacher" or any other text of the file, in lower case."""

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
    """One student on one day; `source_id` is the student's. `status` is the value of an AttendanceStatus."""

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
