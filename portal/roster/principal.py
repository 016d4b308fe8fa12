"""Who is principal becomes School Admin, by the operator's import and in no other way; who was goes to No Access."""

from collections import defaultdict
from typing import Any

from sqlalchemy import delete, select

from portal import db
from portal.models import Event, EventKind, Membership, SignIn, Staff
from portal.policy.permissions import AccessLevel
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.person import Person
from portal.roster.staff_accounts import StaffAccounts
from portal.roster.statements import change
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
    """Gathers the principals a roster names, and appoints those it had not named before.

    Whoever was appointed once is not appointed again by the same file, so that a correction by the operator stands.
    """

    def __init__(self, comparison: Comparison, file: File[Any], accounts: StaffAccounts) -> None:
        self._comparison = comparison
        self._file = file
        self._accounts = accounts
        self._named: defaultdict[int, dict[int, Person]] = defaultdict(dict)

    def name(self, person: Person, staff_id: int) -> None:
        """Take note of where that person is principal."""
        for school_id in person.principal_of:
            self._named[school_id][staff_id] = person

    def settle(self) -> None:
        """Appoint the new ones, and set those before them back until somebody has looked at them."""
        if not self._named:
            return
        admins = {tuple(row) for row in db.session.execute(ADMINS)}
        last = {
            (details["school_id"], staff_id): details["reason"]
            for staff_id, details in db.session.execute(HISTORY)
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
                self._hand_over(school_id, new, former)
        self._comparison.writes.flush()

    def _without_blocked(self, new: dict[int, Person]) -> dict[int, Person]:
        """No import revives somebody the operator has blocked; the school keeps the admin it has."""
        blocked = set(db.session.scalars(BLOCKED.where(Staff.id.in_(new)))) if new else set()
        for staff_id in blocked:
            sentence = _("This account is blocked, so this person was not made School Admin.")
            self._file.remark(new[staff_id].line, "principal", sentence)
        return {staff_id: person for staff_id, person in new.items() if staff_id not in blocked}

    def _hand_over(self, school_id: int, new: dict[int, Person], former: set[int]) -> None:
        if not self._comparison.importer.is_operator:
            for person in new.values():
                self._file.remark(
                    person.line, "principal", _("A new principal must be applied by the operator.")
                )
            return
        for staff_id, person in new.items():
            self._comparison.counts.note(Kind.PRINCIPALS, RowOutcome.NEW, person.name)
            self._set(school_id, staff_id, AccessLevel.SCHOOL_ADMIN, APPOINTED)
        for staff_id in former:
            self._comparison.counts.note(Kind.PRINCIPALS, RowOutcome.GONE, self._accounts.names[staff_id])
            self._set(school_id, staff_id, AccessLevel.NO_ACCESS, SUCCEEDED)

    def _set(self, school_id: int, staff_id: int, level: AccessLevel, reason: str) -> None:
        if self._comparison.is_preview:
            return
        review_since = self._comparison.now if reason == SUCCEEDED else None
        row_id = self._accounts.schools[staff_id][school_id]
        old = db.session.scalar(select(Membership.level).where(Membership.id == row_id))
        self._comparison.writes.add(LEVEL, (level.value, review_since, row_id))
        if reason == SUCCEEDED:  # also from a school where they go on working: they can sign in again
            db.session.execute(delete(SignIn).where(SignIn.account_id == staff_id))
        words: dict[str, Any] = {"school_id": school_id, "old": old, "new": level.value, "reason": reason}
        by: Any = self._comparison.importer.account
        Event.record(EventKind.LEVEL_CHANGED, by=by, about_id=staff_id, **words)
