"""Send the login instructions of one student by email, in a language that the portal writes in."""

from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.db import Refused, db
from portal.models.accounts.account import Account
from portal.models.accounts.alarms import reveal
from portal.models.codes.family_status import working_code
from portal.models.event import EventKind
from portal.models.guardians.restriction import bars_mail
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.students.contact import Contact
from portal.models.students.student import Student
from portal.text.language import LANGUAGES
from portal.text.language import gettext as _

#: The same mail is not sent again within this time: the button was pressed twice.
AGAIN_AFTER = timedelta(minutes=1)


def contacts_with_email(student: Student) -> list[Contact]:
    """Return the contacts on file with an email address, by name, except those whom a restriction bars."""
    with_email = Contact.of(student).where(Contact.email.is_not(None))
    return list(db.session.scalars(with_email.where(~bars_mail(student.id, Contact.email))))


def family_language(student: Student, wish: str | None = None) -> str:
    """Return the first that the portal writes in: `wish`, the student's language, the school's."""
    return first_written(wish, student.language, student.school.language)


def first_written(*known: str | None) -> str:
    """Return the first of these languages that the portal writes in; English when there is none."""
    return next((language for language in known if language in LANGUAGES), LANGUAGES[0])


def send_instructions(student: Student, *, to: str, language: str | None, by: Account) -> bool:
    """Store the message in the outbox; return False when the same one was made less than AGAIN_AFTER ago.

    `language` is the reader's, if it is known. Raises Refused when the student has no code that works, and when a
    restriction bars the person with that address.
    """
    student.lock()
    if working_code(student, clock.now()) is None:
        raise Refused(_("There is no access code to send at the moment."))
    if db.session.scalar(select(bars_mail(student.id, to))):
        raise Refused(_("Access is restricted for %(address)s. The Portal Access tab says why.", address=to))
    if _is_on_its_way(student, to):
        return False
    OutboxMessage.post(
        MessageKind.LOGIN_INSTRUCTIONS,
        to=to,
        language=family_language(student, language),
        student_id=student.id,
        by_id=by.id,
    )
    reveal(EventKind.CODE_MAILED, by=by, student_id=student.id)
    return True


def _is_on_its_way(student: Student, to: str) -> bool:
    same = select(OutboxMessage.id).where(
        OutboxMessage.student_id == student.id,
        OutboxMessage.kind == MessageKind.LOGIN_INSTRUCTIONS.value,
        OutboxMessage.to_address == to,
        OutboxMessage.created_at > clock.now() - AGAIN_AFTER,
        ~OutboxMessage.has_failed(),
    )
    return db.session.scalar(same.limit(1)) is not None
