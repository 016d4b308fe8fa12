"""Place and end restrictions."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select, union, update

from portal import clock
from portal.db import Refused, db
from portal.models.accounts import former_email
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.event import Event, EventKind, moment
from portal.models.guardians.restriction import NO_MAIL, Restriction, RestrictionEmail, is_about
from portal.models.mail.outbox import OutboxMessage
from portal.models.rows import changes_one
from portal.models.students.student import Student
from portal.text.language import gettext as _


class CustodyOrder(NamedTuple):
    """The terms of a restriction: the reason, the document, and the days in the time zone of the school."""

    reason: str
    document: str | None
    first_day: date
    last_day: date | None = None


def restrict(
    student: Student, email: str, order: CustodyOrder, *, replaces_code: bool, by: Account
) -> Restriction:
    """Keep the person with that email from seeing the student, paired or not, even when the email changes later.

    With `replaces_code` the working code is replaced, since the person may know it. Raises Refused when that person is
    restricted already, or when the days are over or in the wrong order.
    """
    student.lock()
    zone = student.school.time_zone
    now = clock.now()
    _refuse_odd_days(order, today=clock.today(zone))
    _make_room(student, email.lower())
    row = Restriction(
        student_id=student.id,
        email=email.lower(),
        placed_by_id=by.id,
        placed_at=now,
        starts_at=clock.start_of(order.first_day, zone) if order.first_day > clock.today(zone) else None,
        ends_at=clock.end_of(order.last_day, zone) if order.last_day else None,
        **order._asdict(),
    )
    _begin(row, by=by)
    if replaces_code:
        AccessCode.replace_after_revocation(student, by=by)
    return row


def lift(restriction: Restriction, *, by: Account, reason: str) -> None:
    """End it now; when it has ended already, keep the first author. A guardian still paired sees the student again."""
    ending = update(Restriction).where(Restriction.id == restriction.id, Restriction.is_open())
    values = {"ended_at": clock.now(), "ended_by_id": by.id, "ending_reason": reason}
    if changes_one(ending.values(values)):
        db.session.expire(restriction, list(values))
        _record(EventKind.RESTRICTION_ENDED, restriction, by=by)


def follow(account: Account, *, before: str) -> None:
    """Add the guardian's new email and the email `before` to all restrictions of that person."""
    if account.is_staff:
        return
    is_theirs = is_about(account_id=account.id, email=before)
    for restriction in db.session.scalars(select(Restriction).where(is_theirs, Restriction.is_open())):
        restriction.guardian_id = restriction.guardian_id or account.id
        for email in (before, account.email):
            db.session.merge(RestrictionEmail(restriction_id=restriction.id, email=email))


def _refuse_odd_days(order: CustodyOrder, *, today: date) -> None:
    if order.last_day and order.last_day < max(order.first_day, today):
        raise Refused(_("The last day is over before the restriction begins."))


def _make_room(student: Student, email: str) -> None:
    """End the person's restriction if its last day has passed; raise Refused if it still holds."""
    is_same = and_(Restriction.student_id == student.id, Restriction.email == email, Restriction.is_open())
    before = db.session.scalar(select(Restriction).where(is_same))
    if before is None:
        return
    if not before.is_over(moment()):
        raise Refused(_("This person is restricted already. End that restriction first."))
    before.ended_at = before.ends_at
    db.session.flush()


def _begin(row: Restriction, *, by: Account) -> None:
    row.guardian_id = former_email.whose(row.email)
    db.session.add(row)
    db.session.flush()
    db.session.add_all(RestrictionEmail(restriction_id=row.id, email=email) for email in _known_emails(row))
    db.session.flush()
    if row.is_in_force(clock.now()):
        _drop_mail(row)
    _record(EventKind.RESTRICTED, row, by=by)


def _known_emails(row: Restriction) -> set[str]:
    """Return the email that staff entered, those of the account, and those of other restrictions of the person."""
    learned = select(RestrictionEmail.email).join(
        Restriction, Restriction.id == RestrictionEmail.restriction_id
    )
    account_id = row.guardian_id or 0
    of_others = learned.where(is_about(account_id=account_id, email=row.email))
    return {row.email, *db.session.scalars(union(of_others, *former_email.emails_of(account_id)))}


def _drop_mail(row: Restriction) -> None:
    """Mark the mail about this student that waits to be sent to the person as failed."""
    theirs = select(RestrictionEmail.email).where(RestrictionEmail.restriction_id == row.id)
    waiting = update(OutboxMessage).where(
        OutboxMessage.student_id == row.student_id,
        func.lower(OutboxMessage.to_address).in_(theirs),
        OutboxMessage.is_waiting(),
    )
    failed = waiting.values(failed_at=clock.now(), failure=NO_MAIL, sealed_words=None)
    db.session.execute(failed, execution_options={"synchronize_session": False})


def _record(kind: EventKind, row: Restriction, *, by: Account) -> None:
    Event.record(kind, by=by, student_id=row.student_id, about_id=row.guardian_id, restriction=row.id)
