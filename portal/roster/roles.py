"""Who is what at which organisation: by the columns of users.csv (1.0, 1.1) or by roles.csv (1.2)."""

from collections.abc import Iterator
from datetime import date

from portal.roster.columns import Columns
from portal.roster.problems import Report
from portal.roster.rows import Part, Role
from portal.roster.table import Table
from portal.roster.values import Dates, is_deleted
from portal.text.language import gettext as _

ROLES = Columns(
    ("status", "userSourcedId", "role", "beginDate", "endDate", "orgSourcedId"),
    required=frozenset({"userSourcedId", "role", "orgSourcedId"}),
)

PARTS = {
    "student": Part.STUDENT,
    "parent": Part.CONTACT,
    "guardian": Part.CONTACT,
    "relative": Part.CONTACT,
    "teacher": Part.STAFF,
    "aide": Part.STAFF,
    "proctor": Part.STAFF,
    "counselor": Part.STAFF,
    "administrator": Part.STAFF,
    "siteadministrator": Part.STAFF,
    "districtadministrator": Part.STAFF,
    "systemadministrator": Part.STAFF,
    "principal": Part.STAFF,
}


def role(name: str, org_id: str, line: int, report: Report) -> Role | None:
    """The role called `name`; None, with a remark, when we know of none."""
    part = PARTS.get(name.lower())
    if part is None:
        report.remark(line, "role", _("“%(role)s” is not a role we know; it was left out.", role=name[:40]))
        return None
    return Role(part, name.lower(), org_id)


class Roles:
    """What roles.csv says of each person."""

    def __init__(self, table: Table, today: date) -> None:
        self._by_user: dict[str, tuple[Role, ...]] = {}
        self._table = table
        self._today = today
        self._alike: dict[tuple[Role, ...], tuple[Role, ...]] = {}
        for user_id, current in self._lines():
            held = self._by_user.get(user_id, ())
            self._by_user[user_id] = self._shared(held if current is None else (*held, current))

    def of(self, user_id: str) -> tuple[Role, ...] | None:
        """The roles that person has today, empty when all have ended; None when the file does not name them."""
        return self._by_user.get(user_id)

    def _lines(self) -> Iterator[tuple[str, Role | None]]:
        dates = Dates(self._table, (3, 4))
        report = self._table.report
        for line, (status, user_id, name, begin, end, org_id) in self._table:
            last_day = dates.read(end, line, "endDate")
            first_day = dates.read(begin, line, "beginDate")
            is_over = is_deleted(status, line, report) or (last_day is not None and last_day < self._today)
            current = None if is_over else role(name, org_id, line, report)
            if current and current.part is Part.STAFF and first_day and first_day > self._today:
                current = None  # who is to be principal from August is not principal now
            yield user_id, current

    def _shared(self, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        """One tuple for all who have the same roles: tens of thousands are students of one school."""
        return self._alike.setdefault(roles, roles)
