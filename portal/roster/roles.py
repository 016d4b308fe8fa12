"""Parse the roles of people at organisations: from users.csv (OneRoster 1.0, 1.1) or roles.csv (1.2)."""

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
    """Return the role called `name`; for an unknown one return None and report a remark."""
    part = PARTS.get(name.lower())
    if part is None:
        report.remark(line, "role", _("“%(role)s” is not a role we know; it was left out.", role=name[:40]))
        return None
    return Role(part, name.lower(), org_id)


class Roles:
    """The roles of each person in roles.csv."""

    def __init__(self, table: Table, today: date) -> None:
        self._by_user: dict[str, tuple[Role, ...]] = {}
        self._table = table
        self._today = today
        self._tuples: dict[tuple[Role, ...], tuple[Role, ...]] = {}
        for user_id, current in self._lines():
            held = self._by_user.get(user_id, ())
            self._by_user[user_id] = self._same_tuple(held if current is None else (*held, current))

    def of(self, user_id: str) -> tuple[Role, ...] | None:
        """Return the person's roles of today; () when all have ended, None when the file does not name them."""
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
                current = None  # a role as staff that begins later does not count yet
            yield user_id, current

    def _same_tuple(self, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        """Return one tuple for equal roles, which saves memory: thousands are students of one school."""
        return self._tuples.setdefault(roles, roles)
