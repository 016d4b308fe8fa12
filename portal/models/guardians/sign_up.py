"""Create the account of a guardian who has a code, together with the first pairings."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.models.accounts import throttle
from portal.models.accounts.account import Guardian
from portal.models.event import Event, EventKind
from portal.models.guardians.redemption import CodeHolder, lock_usable, pair
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.text.language import gettext as _


class AccountKnown(Exception):
    """A guardian with that email exists already. This is told only to somebody with a usable code.

    The person can sign in and add the student there.
    """

    def __init__(self) -> None:
        super().__init__(_("You already have an account. Sign in and we add the child."))


class Applicant(NamedTuple):
    """The data that a person who asks for an account has entered. The email is in lower case."""

    email: str
    given_name: str
    family_name: str
    password_hash: str
    language: str
    #: Whether the person came by a link that was mailed to that email.
    email_is_proven: bool = False


def sign_up(codes: Sequence[str], applicant: Applicant, *, address: str) -> Guardian | None:
    """Create the account and pair it with the student of every code, or do nothing.

    Returns None when too many accounts came from `address`; the person then gets a link to verify the email.
    Raises redemption.CodeRefused (the try has been counted), AccountKnown, and throttle.TooManyTries.
    """
    usable = lock_usable(codes, CodeHolder.of(None, applicant.email), address=address)
    if Guardian.with_email(applicant.email):
        raise AccountKnown
    if not applicant.email_is_proven and _is_busy(address):
        _ask_for_proof(applicant)
        return None
    guardian = _create_account(applicant, address)
    pair(usable, by=guardian)
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


def _create_account(applicant: Applicant, address: str) -> Guardian:
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
