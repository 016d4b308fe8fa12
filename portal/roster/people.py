"""Reading users.csv: students, staff and contacts."""

from collections.abc import Iterator

from portal.language import gettext as _
from portal.roster import values
from portal.roster.columns import Columns
from portal.roster.identity import Identities
from portal.roster.roles import Roles, role
from portal.roster.rows import Mode, Part, Role, UserRow
from portal.roster.status import is_deleted
from portal.roster.table import Table, Values

#: The password column is not among them: it is dropped before anything looks at it.
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
    """The people of users.csv, one by one."""

    def __init__(self, table: Table, identities: Identities, mode: Mode, roles: Roles | None) -> None:
        self._table = table
        self._identities = identities
        self._mode = mode
        self._roles = roles

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
        report = self._table.report
        if not given and not family:
            self._identities.reject(source_id, line, "givenName", _("This person has no name."))
            return None
        roles = self._roles_of(source_id, role_name, values.listed(orgs) or (main_org,), line)
        if roles is None:
            self._identities.reject(source_id, line, "role", _("This person has no role that we know."))
            return None
        is_student = any(held.part is Part.STUDENT for held in roles) or not roles
        return UserRow(
            line,
            source_id,
            is_deleted(status, line, report) or self._has_ended(roles, line),
            roles,
            values.name(given or family),
            values.name(middle),
            values.name(family if given else ""),
            values.name(preferred),
            number,
            values.email(address, line, report),
            phone or mobile,
            values.grade(grades, line, report) if is_student else None,
            values.listed(agents),
        )

    def _roles_of(self, source_id: str, name: str, org_ids: tuple[str, ...], line: int) -> tuple[Role, ...] | None:
        """What this person is; empty when that has ended, or when a file of changes does not say. None: unknown."""
        held = self._roles.of(source_id) if self._roles else None
        if held is not None:
            return held
        if not name:
            return () if self._mode is Mode.DELTA else None
        roles = tuple(found for org_id in org_ids if (found := role(name, org_id, line, self._table.report)))
        return roles or None

    def _has_ended(self, roles: tuple[Role, ...], line: int) -> bool:
        if roles or self._mode is Mode.DELTA:
            return False
        self._table.report.remark(line, "", _("Every role of this person has ended; they count as gone."))
        return True
