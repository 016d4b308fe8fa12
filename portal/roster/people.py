"""Parse users.csv: students, staff and contacts."""

from collections.abc import Iterator

from portal.roster import values
from portal.roster.columns import Columns
from portal.roster.file import Identities
from portal.roster.roles import Roles, role
from portal.roster.rows import Mode, Role, UserRow
from portal.roster.table import Table, Values
from portal.text.language import gettext as _

#: The columns that are read. The column `password` is not among them and is never looked at.
USERS = Columns(
    (
        "sourcedId", "status", "role", "orgSourcedIds", "primaryOrgSourcedId", "givenName", "middleName", "familyName",
        "preferredGivenName", "identifier", "email", "phone", "sms", "grades", "agentSourcedIds",
    ),
    required=frozenset({"sourcedId", "givenName", "familyName"}),
    older_names={
        "userId": "identifier", "agents": "agentSourcedIds", "grade": "grades", "orgSourcedId": "orgSourcedIds",
    },
)  # fmt: skip


class People:
    """Iterates over the people of users.csv that can be used, and reports the others."""

    def __init__(self, table: Table, identities: Identities, mode: Mode, roles: Roles | None) -> None:
        self._table = table
        self._identities = identities
        self._mode = mode
        self._roles = roles
        self._known: dict[tuple[str, str], tuple[Role, ...]] = {}

    def __iter__(self) -> Iterator[UserRow]:
        for line, read in self._table:
            if self._identities.is_new(read[0], line, read):
                row = self._row(line, read)
                if row is not None:
                    yield row

    def _row(self, line: int, read: Values) -> UserRow | None:
        (
            source_id, status, role_name, orgs, main_org, given, middle, family,
            preferred, number, address, phone, mobile, grades, agents,
        ) = read  # fmt: skip
        roles = self._roles_of(source_id, role_name, orgs or main_org, line)
        if roles is None or not (given or family):
            column = "role" if roles is None else "givenName"
            self._identities.reject(
                source_id, line, column, _("This person has no name, or no role that we know.")
            )
            return None
        report = self._table.report
        is_gone = values.is_deleted(status, line, report) or not (roles or self._is_ongoing(line))
        name = values.name
        return UserRow(
            line, source_id, is_gone, roles,
            name(given or family), name(middle), name(family if given else ""), name(preferred),
            number, values.email(address, line, report), phone or mobile,
            values.grade(grades, line, report), values.split_list(agents),
        )  # fmt: skip

    def _roles_of(self, source_id: str, name: str, orgs: str, line: int) -> tuple[Role, ...] | None:
        """Return the person's roles; () when all have ended, or a file of changes names none; None when unknown."""
        if self._roles and (held := self._roles.of(source_id)) is not None:
            return held
        if not name:
            return () if self._mode is Mode.DELTA else None
        if (name, orgs) not in self._known:
            roles = (
                role(name, org_id, line, self._table.report) for org_id in values.split_list(orgs) or ("",)
            )
            held = tuple(found for found in roles if found)
            if not held:
                return None
            self._known[name, orgs] = held
        return self._known[name, orgs]

    def _is_ongoing(self, line: int) -> bool:
        """Whether a person without a role is not gone. Only a file of changes may leave roles out."""
        if self._mode is not Mode.DELTA:
            self._table.report.remark(line, "", _("Every role of this person has ended; they count as gone."))
        return self._mode is Mode.DELTA
