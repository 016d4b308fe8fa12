"""Criteria for the contacts on file who can be sent login instructions by email."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Exists, Select, func, select

from portal import clock
from portal.models.guardians.restriction import bars_mail
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.students.contact import Contact
from portal.models.students.student import Student

#: The same instructions are not sent to the same address again within this time: the button was pressed twice.
AGAIN_AFTER = timedelta(minutes=10)


def has_address() -> Exists:
    """Select whether the student has a contact who can be written to."""
    return _contacts().exists()


def has_fresh_address() -> Exists:
    """Select whether the student has such a contact who was not written to within AGAIN_AFTER."""
    return _contacts().where(is_fresh()).exists()


def is_fresh() -> "Exists":
    """Select whether no message with the student's instructions was made for the contact within AGAIN_AFTER."""
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
    """Select whether no restriction in force keeps the contact from the student."""
    return ~bars_mail(Contact.student_id, Contact.email)


def _contacts() -> Select[int]:
    on_file = select(Contact.id).where(
        Contact.student_id == Student.id,
        Contact.is_current(),
        Contact.email.is_not(None),
        may_be_written_to(),
    )
    return on_file.correlate(Student)
