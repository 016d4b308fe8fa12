"""A stranger with a code becomes a guardian: the account and its first pairings come together."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.models.accounts import throttle
from portal.models.accounts.account import Guardian
from portal.models.event import Event, EventKind
from portal.models.guardians.redemption import look_up, redeem
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.text.language import gettext as _


class AccountKnown(Exception):
    """There is a guardian with that email already; told only to who holds a usable code.

    Nothing is refused: signing in leads to the same end.
    """

    def __init__(self) -> None:
        super().__init__(_("You already have an account. Sign in and we add the child."))


class Applicant(NamedTuple):
    """Who asks for an account, in their own words; the email in lower case."""

    email: str
    given_name: str
    family_name: str
    password_hash: str
    language: str
    #: They came by a link that was mailed to it.
    email_is_proven: bool = False


def sign_up(codes: Sequence[str], applicant: Applicant, *, address: str) -> Guardian | None:
    """Make the account and pair it with the student of every code: all of it or nothing.

    None when too many accounts came from `address`: a link that proves the email is then on its way.
    Raises redemption.CodeRefused (counted; nothing else was written), AccountKnown, throttle.TooManyTries.
    """
    look_up(codes, by=None, email=applicant.email, address=address, locking=True)
    if Guardian.with_email(applicant.email):
        raise AccountKnown
    if not applicant.email_is_proven and _is_busy(address):
        _ask_for_proof(applicant)
        return None
    guardian = _created(applicant, address)
    redeem(codes, by=guardian, address=address)
    return guardian


def _is_busy(address: str) -> bool:
    try:
        throttle.check(throttle.sign_ups(address))
    except throttle.TooManyTries:
        return True
    return False


def _ask_for_proof(applicant: Applicant) -> None:
    if throttle.may_mail(applicant.email):
        OutboxMessage.post(MessageKind.SIGN_UP_CHECK, to=applicant.email, language=applicant.language)


def _created(applicant: Applicant, address: str) -> Guardian:
    words = applicant._asdict()
    is_proven = words.pop("email_is_proven")
    guardian = Guardian(**words, email_verified_at=clock.now() if is_proven else None)
    db.session.add(guardian)
    try:
        db.session.flush()
    except IntegrityError:  # another request with that email was first
        raise AccountKnown from None
    guardian.acting_from = address
    for limit in throttle.sign_ups(address):
        throttle.count(limit)
    Event.record(EventKind.ACCOUNT_CREATED, by=guardian, about_id=guardian.id)
    if not is_proven:
        _ask_to_confirm(guardian)
    return guardian


def _ask_to_confirm(guardian: Guardian) -> None:
    OutboxMessage.post(
        MessageKind.EMAIL_CHECK, to=guardian.email, language=guardian.language, account_id=guardian.id
    )
