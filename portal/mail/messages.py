"""Write mails: one function for each kind of message, with a pair of templates in templates/mail/."""

from collections.abc import Callable, Mapping
from datetime import date
from email.message import EmailMessage
from typing import Any, NamedTuple

from flask import current_app, render_template
from sqlalchemy import select

from portal.config import Settings
from portal.crypto import signed_links
from portal.crypto.keys import KeysError
from portal.db import db
from portal.mail import envelope
from portal.models import AccessCode, Account, MessageKind, OutboxMessage, Student
from portal.models.codes.family_status import working_code
from portal.models.event import moment
from portal.models.guardians.restriction import NO_MAIL, bars_mail
from portal.text import access_code
from portal.text.language import LANGUAGES, in_language
from portal.text.language import gettext as _

#: Used in place of a code where a mail is only shown: its check symbol is wrong, so nobody has it.
MADE_UP = "ABCD1234EFGH"


class Dropped(Exception):
    """The message must not be sent any more; the sentence tells staff why."""


class Draft(NamedTuple):
    """The subject of a mail, and the context of its templates."""

    subject: str
    context: dict[str, Any]


def write(message: OutboxMessage) -> EmailMessage:
    """Write the mail in its reader's language, with the links and the code of this moment.

    Needs an application context. Raises Dropped when the message must not be sent any more.
    """
    _refuse_barred(message)
    settings: Settings = current_app.extensions["settings"]
    language = _language(message.language)
    with in_language(language):
        draft = _draft(message)
        context = draft.context | {
            "subject": draft.subject,
            "address": settings.address,
            "language": language,
        }
        text = render_template(f"mail/{message.kind}.txt", **context)
        html = render_template(f"mail/{message.kind}.html", **context)
    try:
        return envelope.seal(
            to=message.to_address, subject=draft.subject, text=text, html=html,
            language=language, name=message.public_id, settings=settings,
        )  # fmt: skip
    except envelope.NoAddress as refusal:
        raise Dropped(str(refusal)) from None


def _refuse_barred(message: OutboxMessage) -> None:
    """Raise Dropped when a restriction keeps the reader from the student."""
    barred = bars_mail(message.student_id, message.to_address)
    if message.student_id and db.session.scalar(select(barred)):
        raise Dropped(NO_MAIL)


def _draft(message: OutboxMessage) -> Draft:
    try:
        return _DRAFTS[MessageKind(message.kind)](message)
    except KeysError as error:
        raise Dropped(f"A part of this message cannot be opened: {error}") from None


def preview_instructions(student: Student, *, language: str) -> tuple[str, str]:
    """Return subject and text of the mail to this student's family, with MADE_UP in place of the code."""
    code = student.code
    last_day = code.last_day(student.school.time_zone) if code else None
    with in_language(_language(language)):
        draft = _instructions(student, MADE_UP, last_day)
        context = draft.context | {"subject": draft.subject, "address": _address(), "language": language}
        return draft.subject, render_template("mail/login_instructions.txt", **context)


def _login_instructions(message: OutboxMessage) -> Draft:
    student = db.session.get_one(Student, message.student_id)
    code = _live_code(student)
    return _instructions(student, code.text, code.last_day(student.school.time_zone))


def _instructions(student: Student, canonical: str, last_day: date | None) -> Draft:
    """Draft the mail with the child's initial only: the name and the code never stand together."""
    school = student.school
    context = {
        "school": school.name,
        "initial": student.given_name[:1].upper(),
        "code": access_code.pretty(canonical),
        "link": f"{_address()}/join#{canonical}",
        "last_day": last_day,
        "ask_whom": school.office_contact,
    }
    return Draft(_("Your login instructions from %(school)s", school=school.name), context)


def _password_reset(message: OutboxMessage) -> Draft:
    link = _password_link(signed_links.PASSWORD_RESET, _reader(message))
    return Draft(
        _("Set a new password"), {"link": link, "minutes": signed_links.MINUTES[signed_links.PASSWORD_RESET]}
    )


def _invitation(message: OutboxMessage) -> Draft:
    account = _reader(message)
    link = _password_link(signed_links.INVITATION, account)
    days = signed_links.MINUTES[signed_links.INVITATION] // (24 * 60)
    return Draft(_("Your account at Guardian Portal"), {"link": link, "days": days, "email": account.email})


def _email_check(message: OutboxMessage) -> Draft:
    account = _account(message)
    claims = {"account": account.public_id, "email": message.words.get("email", account.email)}
    link = f"{_address()}/email/confirm/{signed_links.make(signed_links.EMAIL_CHECK, claims)}"
    days = signed_links.MINUTES[signed_links.EMAIL_CHECK] // (24 * 60)
    return Draft(_("Confirm your email address"), {"link": link, "days": days})


def _email_changed(_message: OutboxMessage) -> Draft:
    return Draft(_("The email of your account was changed"), {})


def _sign_up_check(message: OutboxMessage) -> Draft:
    proof = signed_links.make(signed_links.SIGN_UP_CHECK, {"email": message.to_address})
    minutes = signed_links.MINUTES[signed_links.SIGN_UP_CHECK]
    link = f"{_address()}/join/account?proof={proof}"
    return Draft(_("Go on creating your account"), {"link": link, "minutes": minutes})


def _guessing_alarm(_message: OutboxMessage) -> Draft:
    return Draft(_("Many wrong access codes within an hour"), {})


def _reveal_alarm(message: OutboxMessage) -> Draft:
    return Draft(_("Many access codes were taken out of the portal"), dict(message.words))


_DRAFTS: Mapping[MessageKind, Callable[[OutboxMessage], Draft]] = {
    MessageKind.LOGIN_INSTRUCTIONS: _login_instructions,
    MessageKind.PASSWORD_RESET: _password_reset,
    MessageKind.INVITATION: _invitation,
    MessageKind.EMAIL_CHECK: _email_check,
    MessageKind.EMAIL_CHANGED: _email_changed,
    MessageKind.SIGN_UP_CHECK: _sign_up_check,
    MessageKind.GUESSING_ALARM: _guessing_alarm,
    MessageKind.REVEAL_ALARM: _reveal_alarm,
}


def _live_code(student: Student) -> AccessCode:
    code = working_code(student, moment())
    if code is None:
        raise Dropped("The student had no working access code any more when this was to be sent.")
    return code


def _account(message: OutboxMessage) -> Account:
    account = db.session.get(Account, message.account_id or 0)
    if account is None or account.is_closed():
        raise Dropped("The account was closed before this was sent.")
    return account


def _reader(message: OutboxMessage) -> Account:
    """Return the account that the message is for. Raises Dropped when it has another email by now."""
    account = _account(message)
    if account.email != message.to_address:
        raise Dropped("The account had another email by the time this was to be sent.")
    return account


def _password_link(purpose: str, account: Account) -> str:
    token = signed_links.make(purpose, {"account": account.public_id, "epoch": account.password_epoch})
    return f"{_address()}/password/reset/{token}"


def _address() -> str:
    """Return the address of the portal from the settings, never from a request."""
    settings: Settings = current_app.extensions["settings"]
    return settings.address


def _language(wish: str) -> str:
    short = wish.split("-")[0].lower()
    return short if short in LANGUAGES else LANGUAGES[0]
