"""Create the account of a guardian who has a code, together with the first pairings."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.models.accounts import throttle
from portal.models.accounts.account import AccountKind, Guardian
from portal.models.guardians.redemption import CodeHolder, lock_usable, pair
from portal.models.inserting import inserted
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.rows import new_public_id
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
    if not throttle.may_sign_up(address) and not applicant.email_is_proven:
        _ask_for_proof(applicant)
        return None
    guardian = _create_account(applicant, address)
    pair(usable, by=guardian, is_new=True)
    return guardian


def _ask_for_proof(applicant: Applicant) -> None:
    if Guardian.with_email(applicant.email):
        raise AccountKnown
    if throttle.may_mail(applicant.email):
        OutboxMessage.post(MessageKind.SIGN_UP_CHECK, to=applicant.email, language=applicant.language)


def _create_account(applicant: Applicant, address: str) -> Guardian:
    row = applicant._asdict() | {"kind": AccountKind.GUARDIAN.value, "public_id": new_public_id()}
    row["created_at"] = now = clock.now()
    row["email_verified_at"] = now if row.pop("email_is_proven") else None
    try:
        guardian = inserted(_NEW, Guardian, row)
    except IntegrityError:  # somebody has that email already
        raise AccountKnown from None
    guardian.acting_from = address
    if not applicant.email_is_proven:
        _ask_to_confirm(guardian)
    return guardian


def _ask_to_confirm(guardian: Guardian) -> None:
    OutboxMessage.post(
        MessageKind.EMAIL_CHECK, to=guardian.email, language=guardian.language, account_id=guardian.id
    )


_NEW = insert(Guardian.__table__)  # type: ignore[arg-type]
