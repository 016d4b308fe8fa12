"""Parse the files of OneRoster CSV, versions 1.0 to 1.2, into rows."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

from portal.roster import attendance, values
from portal.roster.archive import Source
from portal.roster.columns import Columns
from portal.roster.file import File, Identities, Parse
from portal.roster.lines import Advance
from portal.roster.manifest import modes
from portal.roster.people import USERS, People
from portal.roster.problems import Problems
from portal.roster.roles import ROLES, Roles
from portal.roster.rows import AttendanceRow, ClassRow, EnrolmentRow, Mode, OrgRow, SessionRow, UserRow
from portal.roster.table import Table
from portal.text.language import gettext as _

ORGS = Columns(
    ("sourcedId", "status", "name", "type", "identifier", "parentSourcedId"),
    required=frozenset({"sourcedId", "name", "type"}),
)
SESSIONS = Columns(
    ("sourcedId", "status", "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    required=frozenset({"sourcedId", "type", "startDate", "endDate"}),
)
CLASSES = Columns(
    (
        "sourcedId",
        "status",
        "title",
        "classCode",
        "location",
        "classType",
        "schoolSourcedId",
        "termSourcedIds",
    ),
    required=frozenset({"sourcedId", "title", "schoolSourcedId"}),
    older_names={"termSourcedId": "termSourcedIds"},
)
ENROLMENTS = Columns(
    ("sourcedId", "status", "classSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
    required=frozenset({"sourcedId", "classSourcedId", "userSourcedId", "role"}),
)

Row = TypeVar("Row")


class OneRoster:
    """The files of one OneRoster bundle."""

    def __init__(
        self, sources: Mapping[str, Source], problems: Problems, advance: Advance, today: date
    ) -> None:
        """`advance` is called with the number of bytes read; `today` decides which roles have ended."""
        self._sources = sources
        self._problems = problems
        self._advance = advance
        self._today = today
        self._modes = modes(sources, problems)
        self.orgs: File[OrgRow] = self._file("orgs", ORGS, _orgs)
        self.sessions: File[SessionRow] = self._file("academicsessions", SESSIONS, _sessions)
        self.classes: File[ClassRow] = self._file("classes", CLASSES, _classes)
        self.users: File[UserRow] = self._file("users", USERS, self._users)
        self.enrolments: File[EnrolmentRow] = self._file("enrollments", ENROLMENTS, _enrolments)
        self.attendance: File[AttendanceRow] = self._file("attendance", attendance.COLUMNS, attendance.days)

    def _file(self, name: str, columns: Columns, parse: Parse[Row]) -> File[Row]:
        mode = self._modes.get(name, Mode.ABSENT)
        return File(f"{name}.csv", mode, self._table(name, columns), parse)

    def _table(self, name: str, columns: Columns) -> Table | None:
        if self._modes.get(name, Mode.ABSENT) is Mode.ABSENT:
            return None
        return Table(self._sources[name], columns, self._problems, self._advance)

    def _users(self, table: Table, identities: Identities) -> Iterator[UserRow]:
        roles = self._table("roles", ROLES)
        yield from People(table, identities, self.users.mode, Roles(roles, self._today) if roles else None)


def _orgs(table: Table, identities: Identities) -> Iterator[OrgRow]:
    for line, read in table:
        source_id, status, name, kind, identifier, parent_id = read
        if not identities.is_new(source_id, line, read):
            continue
        if not name:
            identities.reject(source_id, line, "name", _("This organisation has no name."))
            continue
        is_gone = values.is_deleted(status, line, table.report)
        yield OrgRow(line, source_id, is_gone, values.name(name), kind.lower(), identifier, parent_id)


def _sessions(table: Table, identities: Identities) -> Iterator[SessionRow]:
    dates = values.Dates(table, (4, 5))
    for line, read in table:
        source_id, status, title, kind, start, end, parent_id, year = read
        if not identities.is_new(source_id, line, read):
            continue
        last_day = dates.read(end, line, "endDate")
        yield SessionRow(
            line,
            source_id,
            values.is_deleted(status, line, table.report),
            title,
            kind.lower(),
            dates.read(start, line, "startDate"),
            last_day,
            parent_id,
            values.year(year) or (last_day.year if last_day else None),
        )


def _classes(table: Table, identities: Identities) -> Iterator[ClassRow]:
    for line, read in table:
        source_id, status, title, code, room, kind, school_id, session_ids = read
        if not identities.is_new(source_id, line, read):
            continue
        if not (title or code):
            identities.reject(source_id, line, "title", _("This class has no title."))
            continue
        yield ClassRow(
            line,
            source_id,
            values.is_deleted(status, line, table.report),
            values.name(title or code),
            code,
            room,
            kind.lower() == "homeroom",
            school_id,
            values.split_list(session_ids),
        )


def _enrolments(table: Table, identities: Identities) -> Iterator[EnrolmentRow]:
    dates = values.Dates(table, (6, 7))
    known = dates.known
    for line, read in table:
        source_id, status, class_id, user_id, role, primary, begin, end = read
        if identities.is_new(source_id, line, read):
            yield EnrolmentRow(
                line,
                source_id,
                status != "" and values.is_deleted(status, line, table.report),
                class_id,
                user_id,
                role.lower(),
                values.is_yes(primary),
                known[begin] if begin in known else dates.read(begin, line, "beginDate"),
                known[end] if end in known else dates.read(end, line, "endDate"),
            )
