"""Compare the staff of a roster with the staff accounts (rule B4).

A new person gets an account at No Access. Imports change no level except those of principals.
"""

from collections.abc import Iterable

from portal.models import AccountKind, Event, EventKind, Membership, Staff, staff_keys
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.person import Person
from portal.roster.principal import Principals
from portal.roster.rows import StaffRow, UserRow
from portal.roster.staff_accounts import KnownStaff, StaffAccounts
from portal.roster.statements import change, insertion
from portal.text.language import gettext as _

KEYS = ("sort_key", "search_key")
NEW = insertion(Staff, "id", "kind", "source_id", "email", "given_name", "family_name", "title", *KEYS)
CHANGED = change(Staff, "source_id", "given_name", "family_name", "title", "off_file_at", *KEYS)
EMAIL = change(Staff, "email", "email_verified_at")
GONE = change(Staff, "off_file_at")
MEMBERSHIP = insertion(Membership, "id", "staff_id", "school_id")
EVENT = insertion(Event, "kind", "account_id", "about_id", "details")


class StaffComparison:
    """Compares staff, one person after the other (rule B4)."""

    def __init__(self, comparison: Comparison, file: File[UserRow] | File[StaffRow]) -> None:
        self._comparison = comparison
        self._file = file
        self._accounts = StaffAccounts(comparison)
        self._principals = Principals(comparison, file, self._accounts)
        self._stored = list(self._accounts.by_source.values())
        self._seen: set[int] = set()
        #: The ids of the accounts with a school within reach, by identifier in the roster.
        self.ids: dict[str | None, int] = {
            known.source_id: known.id for known in self._stored if self._accounts.works_within_reach(known)
        }

    def compare(self, people: Iterable[Person]) -> None:
        """Write who is new or changed, and appoint new principals."""
        for person in people:
            known = self._accounts.match(person)
            reason = self._reason_to_reject(person, known)
            if known:
                self._seen.add(known.id)
            if reason:
                self._comparison.reject(self._file, Kind.STAFF, person, *reason)
            else:
                self._keep(person, known)
        self._comparison.writes.flush()
        self._principals.appoint_new()

    def _reason_to_reject(self, person: Person, known: KnownStaff | None) -> tuple[str, str] | None:
        """Return the column and the sentence why this person cannot be used; None when they can."""
        importer = self._comparison.importer
        other = known or self._accounts.by_email.get(person.email)
        if not importer.is_operator and (
            person.is_elsewhere_too or (other and not self._accounts.is_within_reach(other))
        ):
            return "", importer.refusal
        if not person.school_ids:
            return "", _("This person works at no school that is known; no account was made.")
        if known is None and not person.email:
            return "email", _("There is no email, so no account was made.")
        if known is None and other:
            return "email", _("This email belongs to another account, so none was made.")
        return None

    def _keep(self, person: Person, known: KnownStaff | None) -> None:
        if known is None:
            known = self._add(person)
            self._comparison.counts.note(Kind.STAFF, RowOutcome.NEW, person.name)
            self._add_memberships(person, known)
        else:
            is_changed = self._change(person, known)
            if self._add_memberships(person, known) or is_changed:
                self._comparison.counts.note(Kind.STAFF, RowOutcome.CHANGED, person.name)
        self._seen.add(known.id)
        self.ids[person.source_id] = known.id
        self._principals.gather(person, known.id)

    def _add(self, person: Person) -> KnownStaff:
        title = person.title[:120] or None
        known = KnownStaff(
            self._comparison.writes.new_id(Staff), person.source_id, person.email, person.given_name,
            person.family_name, title, is_off_file=False,
        )  # fmt: skip
        self._comparison.writes.add(NEW, (known.id, AccountKind.STAFF.value, *known[1:6], *_keys(known)))
        self._accounts.remember(known)
        self._record(EventKind.ACCOUNT_CREATED, known.id)
        return known

    def _add_memberships(self, person: Person, known: KnownStaff) -> bool:
        """Add a membership at No Access for each school where the person has none; return whether there was one."""
        memberships = self._accounts.schools[known.id]
        missing = sorted(person.school_ids - memberships.keys())
        for school_id in missing:
            memberships[school_id] = self._comparison.writes.new_id(Membership)
            self._comparison.writes.add(MEMBERSHIP, (memberships[school_id], known.id, school_id))
        return bool(missing)

    def _change(self, person: Person, known: KnownStaff) -> bool:
        changed = known._replace(
            source_id=known.source_id or person.source_id,
            email=self._email(person, known),
            given_name=person.given_name,
            family_name=person.family_name,
            title=person.title[:120] or known.title,
            is_off_file=False,
        )
        if changed == known:
            return False
        fields = (changed.source_id, changed.given_name, changed.family_name, changed.title, None)
        self._comparison.writes.add(CHANGED, (*fields, *_keys(changed), known.id))
        if changed.email != known.email:
            self._comparison.writes.add(EMAIL, (changed.email, None, known.id))
            self._record(EventKind.EMAIL_CHANGED, known.id)
        self._accounts.remember(changed)
        return True

    def _email(self, person: Person, known: KnownStaff) -> str:
        """Return the email to sign in with. Only the operator may change it: who does can take the account over."""
        if person.email in {"", known.email}:
            return known.email
        if not self._comparison.importer.is_operator:
            self._file.remark(person.line, "email", _("A changed email must be applied by the operator."))
            return known.email
        if person.email in self._accounts.by_email:
            self._file.remark(
                person.line, "email", _("Another account has this email, so it was not changed.")
            )
            return known.email
        return person.email

    def _record(self, kind: EventKind, staff_id: int) -> None:
        account = self._comparison.importer.account
        details = {"by": "roster"}
        self._comparison.writes.add(EVENT, (kind.value, account.id if account else None, staff_id, details))

    def school_ids_of(self, source_id: str) -> set[int]:
        """Return the ids of the schools at which that person has a membership."""
        return set(self._accounts.schools[self.ids[source_id]]) if source_id in self.ids else set()

    def mark_off_file(self, source_id: str) -> None:
        """Mark a person as not on file whom a line of the file removes."""
        known = self._accounts.by_source.get(source_id)
        if known and self._accounts.is_within_reach(known) and not known.is_off_file:
            self._seen.add(known.id)
            self._mark_off_file(known)

    def mark_missing_off_file(self, school_ids: Iterable[int] | None = None) -> None:
        """Mark everybody as not on file whom a complete file does not name.

        `school_ids` are the schools that the file covers; None for all within reach. Raises Refused when more than a
        tenth are missing, as `Comparison.check_share`.
        """
        if not self._file.shows_who_is_gone:
            return
        scope = None if school_ids is None else frozenset(school_ids)
        expected = [known for known in self._stored if self._is_expected(known, scope)]
        for known in expected:
            if known.id not in self._seen and known.source_id not in self._file.rejected:
                self._mark_off_file(known)
        self._comparison.check_share(Kind.STAFF, len(expected))
        self._comparison.writes.flush()

    def _mark_off_file(self, known: KnownStaff) -> None:
        self._comparison.counts.note(Kind.STAFF, RowOutcome.GONE, known.name)
        self._comparison.writes.add(GONE, (self._comparison.now, known.id))

    def _is_expected(self, known: KnownStaff, scope: frozenset[int] | None) -> bool:
        """Whether a complete file of these schools should name the account."""
        if known.source_id is None or known.is_off_file or not self._accounts.is_within_reach(known):
            return False
        schools = self._accounts.schools[known.id].keys()
        return scope is None or (bool(schools) and schools <= scope)


def _keys(known: KnownStaff) -> tuple[str, str]:
    return staff_keys(given=known.given_name, family=known.family_name, email=known.email)
