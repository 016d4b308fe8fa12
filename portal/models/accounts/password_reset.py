"""Resetting a forgotten password by a mailed link that works once."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.crypto import signed_links
from portal.db import db
from portal.models.accounts import throttle
from portal.models.accounts.account import Account
from portal.models.accounts.own_account import set_password
from portal.models.event import Event, EventKind
from portal.models.guardians.pairing import Pairing
from portal.models.guardians.redemption import still_usable
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage

_PURPOSES = (signed_links.PASSWORD_RESET, signed_links.INVITATION)


def ask(email: str, *, codes: Sequence[str], address: str) -> None:
    """Mail a link to the accounts with that email whose person is known to read mail sent to it.

    That is an account whose email was verified, or that is paired with the student of one of `codes`: a parent
    who never confirmed the email but has the letter can reset the password, too.
    """
    email = email.strip().lower()
    may_mail = throttle.may_mail(email)
    open_accounts = select(Account).where(Account.email == email, ~Account.is_closed())
    for account in db.session.scalars(open_accounts).all():
        if may_mail and (account.email_verified_at or _is_vouched_for(account, codes)):
            _post(account, address)


def account_of(token: str) -> Account | None:
    """Return the account whose password the mailed link may set; none when it is forged, too old or used."""
    for purpose in _PURPOSES:
        claims = signed_links.read(purpose, token)
        if claims:
            account = db.session.scalar(select(Account).where(Account.public_id == claims["account"]))
            is_unused = account and account.password_epoch == claims["epoch"] and not account.is_closed()
            return account if is_unused else None
    return None


def reset(account: Account, password_hash: str, *, epoch: str, address: str) -> None:
    """Set the password of the account that the link was for, and sign out every browser. Raises as `set_password`."""
    account.acting_from = address
    set_password(account, password_hash, epoch=epoch)
    account.email_verified_at = account.email_verified_at or clock.now()
    throttle.forget(throttle.sign_in_keys(account.kind, account.email, address)[0])


def _is_vouched_for(account: Account, codes: Sequence[str]) -> bool:
    students = [student.id for student in still_usable(codes, by=account).values()]
    paired = select(Pairing.id).where(
        Pairing.guardian_id == account.id, Pairing.is_live(), Pairing.student_id.in_(students)
    )
    return bool(students) and db.session.scalar(paired.limit(1)) is not None


def _post(account: Account, address: str) -> None:
    Event.record(EventKind.PASSWORD_RESET_ASKED, about_id=account.id, address=address)
    OutboxMessage.post(
        MessageKind.PASSWORD_RESET, to=account.email, language=account.language, account_id=account.id
    )
