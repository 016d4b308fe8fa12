"""Signing in with email and password. Whatever is wrong, the answer is the same."""

from portal import clock
from portal.crypto import passwords
from portal.db import Refused, writing
from portal.models.accounts import throttle
from portal.models.accounts.account import Account, AccountKind, Guardian, Staff
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.policy.permissions import Permission
from portal.text.language import gettext as _


def authenticate(
    kind: AccountKind, email: str, password: str, *, address: str, browser: str | None = None
) -> SignIn:
    """Check the password, and return a new sign-in of the browser at `address`, committed, with its token.

    Call it outside a write transaction: it hashes, which takes equally long for an unknown email.
    Raises throttle.TooManyTries during a wait. Raises Refused for a wrong email or password, which is counted,
    and for an account that may not sign in; only who knows the password is told that.
    """
    email = email.strip().lower()
    limits = throttle.sign_in_keys(kind.value, email, address)
    throttle.check_sign_in(limits)
    account = (Staff if kind is AccountKind.STAFF else Guardian).with_email(email)
    if not passwords.verify(account.password_hash if account else None, password) or account is None:
        raise _counted(limits, account, address)
    return _admit(account, password, limits[0], address=address, browser=browser)


def _counted(limits: list[throttle.Limit], account: Account | None, address: str) -> Refused:
    with writing():
        for limit in limits:
            throttle.count(limit)
        about = account.id if account else None
        Event.record(EventKind.SIGN_IN_FAILED, about_id=about, address=address)
    return Refused(_("The email or the password is not right."))


def _admit(
    account: Account, password: str, limit: throttle.Limit, *, address: str, browser: str | None
) -> SignIn:
    verified = account.password_hash or ""
    fresh = passwords.hash_password(password) if passwords.needs_rehash(verified) else verified
    with writing():
        if account.password_hash != verified:  # changed while we were hashing
            raise Refused(_("The email or the password is not right."))
        if not account.may(Permission.SIGN_IN):
            raise Refused(_("This account has no access at the moment. Ask your school to change that."))
        account.password_hash, account.last_signed_in_at = fresh, clock.now()
        throttle.forget(limit)
        sign_in = SignIn.start(account, browser=browser, address=address)
        Event.record(EventKind.SIGNED_IN, by=account, address=address)
    return sign_in
