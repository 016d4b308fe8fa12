"""Changing one's own account: password, email, and deleting it (rule A17)."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.crypto import passwords
from portal.db import Refused, db, writing
from portal.models.accounts import former_email, throttle
from portal.models.accounts.account import Account, Guardian
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.models.guardians import restricting
from portal.models.guardians.pairing import Pairing
from portal.models.guardians.revocation import leave
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.rows import changes_one
from portal.text.language import gettext as _


def knows_password(account: Account, password: str, *, address: str) -> bool:
    """Return whether `password` is that of the account; a wrong one is counted.

    Call it outside a write transaction, since it hashes. Raises throttle.TooManyTries as signing in does.
    """
    limits = throttle.sign_in_keys(account.kind, account.email, address)
    throttle.check_sign_in(limits)
    if passwords.verify(account.password_hash, password):
        return True
    with writing():
        for limit in limits:
            throttle.count(limit)
        Event.record(EventKind.SIGN_IN_FAILED, by=account, about_id=account.id)
    return False


def set_password(account: Account, password_hash: str, *, epoch: str, but: SignIn | None = None) -> None:
    """Change the password and sign out every browser except `but`'s.

    `epoch` is the account's `password_epoch` when the person was asked. Raises Refused when the password
    was changed since.
    """
    before = account.password_hash
    same = Account.password_hash == before if before else Account.password_hash.is_(None)
    change = update(Account).where(Account.id == account.id, same).values(password_hash=password_hash)
    if account.password_epoch != epoch or not changes_one(change):
        raise Refused(_("The password was changed a moment ago. Start again."))
    db.session.refresh(account)
    SignIn.end_all(account, but=but)
    Event.record(EventKind.PASSWORD_CHANGED, by=account, about_id=account.id)


def ask_to_confirm(account: Account, email: str) -> Account:
    """Mail a link to `email` which, followed by someone signed in to the account, makes it the account's email.

    Returns the account. Raises throttle.TooManyTries after several mails to that address.
    """
    throttle.check(throttle.mails_to(email))
    if throttle.may_mail(email):
        OutboxMessage.post(
            MessageKind.EMAIL_CHECK,
            to=email,
            language=account.language,
            account_id=account.id,
            words={"email": email},
        )
    return account


def confirm_email(account: Account, email: str) -> Account:
    """Make `email` the account's, since the person reads mail sent to it, and write to the old address.

    Returns the account. Raises Refused when the email is another account's.
    """
    if account.email != email and type(account).with_email(email):
        raise Refused(_("Another account has this email already."))
    if account.email == email and account.email_verified_at:
        return account
    before = account.email
    _take(account, email)
    if before != email:
        restricting.follow(account, before=before)
        if not account.is_staff:
            former_email.keep(account, before)
        OutboxMessage.post(MessageKind.EMAIL_CHANGED, to=before, language=account.language)
    kind = EventKind.EMAIL_VERIFIED if before == email else EventKind.EMAIL_CHANGED
    Event.record(kind, by=account, about_id=account.id)
    return account


def _take(account: Account, email: str) -> None:
    """Store the email. Raises Refused when another account confirmed it at the same moment."""
    try:
        with db.session.begin_nested():
            account.email, account.email_verified_at = email, clock.now()
    except IntegrityError:
        raise Refused(_("Another account has this email already.")) from None


def close(account: Guardian) -> Guardian:
    """Delete the account: end its pairings and sign-ins and its email, and return the empty row.

    Restrictions of this person keep the email.
    """
    own = select(Pairing).where(Pairing.guardian_id == account.id, Pairing.is_live())
    for pairing in db.session.scalars(own.order_by(Pairing.student_id)).all():
        leave(pairing, by=account)
    SignIn.end_all(account)
    restricting.follow(account, before=account.email)
    former_email.forget(account)
    Event.record(EventKind.ACCOUNT_CLOSED, by=account, about_id=account.id)
    # Who comes back with the same email starts anew; this one can neither sign in nor be written to.
    account.email, account.password_hash = f"closed:{account.public_id}", None
    account.closed_at = clock.now()
    db.session.flush()
    return account
