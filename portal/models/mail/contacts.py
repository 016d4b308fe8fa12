"""Which contacts can be written to: what the mailing of login instructions to many asks of each student."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Exists, Select, func, select

from portal import clock
from portal.models.guardians.restriction import bars_mail
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.students.contact import Contact
from portal.models.students.student import Student

#: The same instructions to the same address within this time would be a second press of the same button.
AGAIN_AFTER = timedelta(minutes=10)


def has_address() -> Exists:
    """Whether a contact on file of the student has an email address."""
    return _contacts().exists()


def has_fresh_address() -> Exists:
    """Whether one of them was not written to a moment ago."""
    return _contacts().where(is_fresh()).exists()


def is_fresh() -> "Exists":
    """Of a contact: no mail with the student's instructions is on its way to them, or has just gone."""
    message = OutboxMessage
    lately = select(message.id).where(
        message.student_id == Contact.student_id,
        message.kind == MessageKind.LOGIN_INSTRUCTIONS.value,
        func.lower(message.to_address) == func.lower(Contact.email),
        message.created_at > clock.now() - AGAIN_AFTER,
        ~message.has_failed(),
    )
    return ~lately.correlate(Contact).exists()  # type: ignore[return-value]


def may_be_written_to() -> ColumnElement[bool]:
    """Of a contact: no restriction keeps them from the student."""
    return ~bars_mail(Contact.student_id, Contact.email)


def _contacts() -> Select[int]:
    on_file = select(Contact.id).where(
        Contact.student_id == Student.id,
        Contact.is_current(),
        Contact.email.is_not(None),
        may_be_written_to(),
    )
    return on_file.correlate(Student)
