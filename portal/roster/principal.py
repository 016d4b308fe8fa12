"""Make new principals School Admin and set former ones to No Access (rule B4). Only the operator's import does so."""

from collections import defaultdict
from typing import Any

from sqlalchemy import delete, select

from portal import db
from portal.models import Event, EventKind, Membership, School, SignIn, Staff
from portal.policy.permissions import AccessLevel
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.person import Person
from portal.roster.rows import StaffRow, UserRow
from portal.roster.staff_accounts import StaffAccounts
from portal.roster.statements import change
from portal.roster.writes import Ids
from portal.text.language import gettext as _

LEVEL = change(Membership, "level", "review_since")

#: Why a level was changed, as the events keep it.
APPOINTED, SUCCEEDED = "new principal", "former principal"

ADMINS = select(Membership.school_id, Membership.staff_id).where(
    Membership.level == AccessLevel.SCHOOL_ADMIN.value
)
BLOCKED = select(Staff.id).where(Staff.is_closed())
HISTORY = (
    select(Event.about_id, Event.details)
    .where(
        Event.kind == EventKind.LEVEL_CHANGED.value,
        Event.details["reason"].as_string().in_([APPOINTED, SUCCEEDED]),
    )
    .order_by(Event.id)
)


class Principals:
    """Collects the principals that a roster names, and appoints those who are new.

    Whoever an import has appointed before is not appointed again, so that the operator's corrections last.
    """

    def __init__(
        self, comparison: Comparison, file: File[UserRow] | File[StaffRow], accounts: StaffAccounts
    ) -> None:
        self._comparison = comparison
        self._file = file
        self._accounts = accounts
        self._named: defaultdict[int, dict[int, Person]] = defaultdict(dict)

    def gather(self, person: Person, staff_id: int) -> None:
        """Collect the schools where that person is principal."""
        for school_id in person.principal_of:
            self._named[school_id][staff_id] = person

    def appoint_new(self) -> None:
        """Appoint the new principals, and set former ones to No Access until an admin has reviewed them."""
        if not self._named:
            return
        admins = {tuple(row) for row in self._comparison.read(ADMINS)}
        last = {
            (details["school_id"], staff_id): details["reason"]
            for staff_id, details in self._comparison.read(HISTORY)
        }
        for school_id, named in self._named.items():
            new = {
                staff_id: person
                for staff_id, person in named.items()
                if (school_id, staff_id) not in admins and last.get((school_id, staff_id)) != APPOINTED
            }
            if new := self._without_blocked(new):
                former = {
                    staff_id for school, staff_id in admins if school == school_id and staff_id not in named
                }
                self._replace_admins(school_id, new, former)
        self._comparison.writes.flush()

    def _without_blocked(self, new: dict[int, Person]) -> dict[int, Person]:
        """Leave out those whom the operator has blocked, and report it; their school keeps its admin."""
        rows = self._comparison.read(BLOCKED.where(Staff.id.in_(new))) if new else ()
        blocked = {staff_id for (staff_id,) in rows}
        for staff_id in blocked:
            sentence = _("This account is blocked, so this person was not made School Admin.")
            self._file.remark(new[staff_id].line, "principal", sentence)
        return {staff_id: person for staff_id, person in new.items() if staff_id not in blocked}

    def _replace_admins(self, school_id: int, new: dict[int, Person], former: set[int]) -> None:
        if not self._comparison.importer.is_operator:
            for person in new.values():
                self._file.remark(
                    person.line, "principal", _("A new principal must be applied by the operator.")
                )
            return
        for staff_id, person in new.items():
            self._comparison.counts.note(Kind.PRINCIPALS, RowOutcome.NEW, person.name)
            self._set_level(school_id, staff_id, AccessLevel.SCHOOL_ADMIN, APPOINTED)
        for staff_id in former:
            self._comparison.counts.note(Kind.PRINCIPALS, RowOutcome.GONE, self._accounts.names[staff_id])
            self._set_level(school_id, staff_id, AccessLevel.NO_ACCESS, SUCCEEDED)

    def _set_level(self, school_id: int, staff_id: int, level: AccessLevel, reason: str) -> None:
        review_since = self._comparison.now if reason == SUCCEEDED else None
        row_id = self._accounts.schools[staff_id][school_id]
        details: dict[str, Any] = {"new": level.value, "reason": reason}

        def record(ids: Ids) -> None:
            old = db.session.scalar(
                select(Membership.level).where(Membership.id == ids.of(Membership, row_id))
            )
            places: dict[str, Any] = {"school_id": ids.of(School, school_id), "old": old}
            by, about_id = self._comparison.importer.account, ids.of(Staff, staff_id)
            Event.record(EventKind.LEVEL_CHANGED, by=by, about_id=about_id, **places, **details)

        self._comparison.writes.act(record)
        self._comparison.writes.add(LEVEL, (level.value, review_since, row_id))
        if reason == SUCCEEDED:
            self._comparison.writes.act(lambda ids: _sign_out(ids.of(Staff, staff_id)))


def _sign_out(staff_id: int) -> None:
    """Sign a former principal out everywhere, who can sign in at another school."""
    db.session.execute(delete(SignIn).where(SignIn.account_id == staff_id))
