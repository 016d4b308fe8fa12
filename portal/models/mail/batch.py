"""Send login instructions by email to the families of a batch, and tell what became of each message."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select

from portal import clock
from portal.db import after_commit, db, retrying
from portal.models.accounts.account import Account
from portal.models.accounts.alarms import watch_reveals
from portal.models.codes.batch import Batch, BatchStudent
from portal.models.codes.bulk import settle
from portal.models.codes.outcome import Act, Outcome, outcome_of
from portal.models.event import Event, EventKind, moment
from portal.models.mail import outbox
from portal.models.mail.contacts import is_fresh, may_be_written_to
from portal.models.mail.delivery_state import MailState, state_in_sql
from portal.models.mail.instructions import first_written
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage, domain_of
from portal.models.rows import batched, new_public_id
from portal.models.schools.school import School
from portal.models.students.contact import Contact
from portal.models.students.student import Student
from portal.policy.permissions import Permission

#: How many messages the page of the batch lists, of those that did not simply go out.
NAMED = 200


class Addressee(NamedTuple):
    """One message: a student's login instructions for one address."""

    student_id: int
    to: str
    language: str


def addressees_of(batch: Batch, *, by: Account) -> list[Addressee]:
    """Return to whom a batch that was not confirmed yet would write: each address once a student."""
    is_meant = outcome_of(Act.EMAIL, by=by, at=clock.now()) == Outcome.DONE.value
    return _addressees(batch.id, is_meant)


def minutes_for(addressees: Sequence[Addressee], *, pace: int) -> int:
    """Return in how many minutes all of them are sent, when one domain gets `pace` messages a minute."""
    most = max(Counter(domain_of(each.to) for each in addressees).values(), default=0)
    return -(-most // pace)


def mail_families(batch: Batch, *, by: Account) -> None:
    """Store one message in the outbox for each addressee, in one transaction. A second call does nothing."""
    batch_id = batch.id
    retrying(lambda: _owe(batch_id, by=by))


class Trouble(NamedTuple):
    """A message that came back, failed, is in doubt or is tried again, with the student whose instructions it has."""

    public_id: str
    to_address: str
    due_at: datetime
    handed_over_at: datetime | None
    sent_at: datetime | None
    bounced_at: datetime | None
    failed_at: datetime | None
    failure: str | None
    student_id: str
    name: str


class MailResult(NamedTuple):
    """How many messages of a batch are in each state, and those that did not simply go out."""

    counts: dict[MailState, int]
    troubles: list[Trouble]

    @property
    def is_under_way(self) -> bool:
        """Whether some of the messages are still to be sent."""
        return bool({MailState.ON_ITS_WAY, MailState.TRYING_AGAIN} & self.counts.keys())

    @property
    def total(self) -> int:
        """Count the messages."""
        return sum(self.counts.values())


def result_of(batch: Batch, *, by: Account) -> MailResult:
    """Return the state of the batch's messages; only those about students in reach of `by` are named."""
    return MailResult(tally(batch), troubles(batch, by=by))


def tally(batch: Batch) -> dict[MailState, int]:
    """Count the messages of the batch in each state."""
    state = state_in_sql()  # once: two of them would be two expressions to PostgreSQL
    counted = select(state, func.count()).where(OutboxMessage.batch_id == batch.id).group_by(state)
    rows: Any = sorted(map(tuple, db.session.execute(counted)))
    return {MailState(name): count for name, count in rows}


def troubles(batch: Batch, *, by: Account) -> list[Trouble]:
    """Return at most NAMED messages that did not simply go out, of students in reach of `by`, by their names."""
    is_trouble = state_in_sql().not_in([MailState.SENT.value, MailState.ON_ITS_WAY.value])
    wanted = _TROUBLES.where(OutboxMessage.batch_id == batch.id, is_trouble)
    rows = db.session.execute(wanted.where(Student.reachable(by, Permission.MANAGE_CODES)).limit(NAMED))
    return [Trouble(*row) for row in rows]


def _owe(batch_id: int, *, by: Account) -> None:
    if not db.session.get_one(Batch, batch_id).begin():
        return
    settle(Act.EMAIL, batch_id, by=by, at=moment())
    addressees = _addressees(batch_id, BatchStudent.outcome == Outcome.DONE.value)
    now = clock.now()
    common = {
        "kind": MessageKind.LOGIN_INSTRUCTIONS.value, "batch_id": batch_id, "created_by_id": by.id,
        "created_at": now, "due_at": now, "tries": 0,
    }  # fmt: skip
    for chunk in batched(addressees):
        db.session.execute(insert(OutboxMessage), [common | _row(each) for each in chunk])
    mailed = dict.fromkeys(each.student_id for each in addressees)
    Event.record_all(EventKind.CODE_MAILED, ({"student_id": one} for one in mailed), by=by)
    watch_reveals(by=by)
    Event.record(EventKind.BATCH_DONE, by=by, act=Act.EMAIL.value, batch=batch_id, students=len(mailed))
    after_commit(lambda: outbox.announce())


def _row(each: Addressee) -> dict[str, Any]:
    return {
        "public_id": new_public_id(), "student_id": each.student_id, "to_address": each.to,
        "domain": domain_of(each.to), "language": each.language,
    }  # fmt: skip


def _addressees(batch_id: int, is_meant: ColumnElement[bool]) -> list[Addressee]:
    """Return each address of a student once, though several contacts have it; those not written to lately."""
    rows = db.session.execute(_CONTACTS.where(BatchStudent.batch_id == batch_id, is_meant, is_fresh()))
    found: dict[tuple[int, str], Addressee] = {}
    for student_id, to, *languages in rows:
        found.setdefault((student_id, to.lower()), Addressee(student_id, to, first_written(*languages)))
    return list(found.values())


_CONTACTS: Any = (
    select(Student.id, Contact.email, Contact.language, Student.language, School.language)
    .select_from(BatchStudent)
    .join(Student, Student.id == BatchStudent.student_id)
    .join(School, School.id == Student.school_id)
    .join(Contact, Contact.student_id == Student.id)
    .where(Contact.is_current(), Contact.email.is_not(None), may_be_written_to())
    .order_by(Student.sort_key, Student.id, Contact.id)
)

_TROUBLES: Any = (
    select(
        OutboxMessage.public_id,
        OutboxMessage.to_address,
        OutboxMessage.due_at,
        OutboxMessage.handed_over_at,
        OutboxMessage.sent_at,
        OutboxMessage.bounced_at,
        OutboxMessage.failed_at,
        OutboxMessage.failure,
        Student.public_id.label("student_id"),
        Student.name.label("name"),
    )
    .join(Student, Student.id == OutboxMessage.student_id)
    .order_by(Student.sort_key, OutboxMessage.id)
)
