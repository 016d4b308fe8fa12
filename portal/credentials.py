"""Whether an email and a password belong together, and how often one may try."""

from typing import Any

from portal import db, passwords, throttle
from portal.models import Account, Event, EventKind, SignIn


def sign_in(
    kind: type[Account], email: str, password: str, *, browser: str | None, address: str
) -> SignIn | None:
    """Sign in the account of that kind, or None: the same answer, after the same time, whatever was wrong.

    A failure is counted and recorded. Hashes, and opens its own write transaction afterwards.
    Raises throttle.TooManyTries during the wait that earlier failures earned.
    """
    limits = throttle.sign_in_keys(kind.__mapper__.polymorphic_identity, email.strip().lower(), address)
    throttle.check_sign_in(limits)
    account = kind.with_email(email)
    known_hash = account.password_hash if account else None
    is_right = passwords.verify(known_hash, password)
    fresh_hash = _hash_at_todays_price(known_hash, password) if is_right else None
    with db.writing():
        if account is None or not is_right or not _still_opens(account, known_hash):
            return _count_failure(account, limits, address)
        throttle.forget(limits[0])
        account.password_hash = fresh_hash or account.password_hash
        account.acting_from = address
        Event.record(EventKind.SIGNED_IN, by=account)
        return SignIn.start(account, browser=browser, address=address)


def is_own_password(account: Account, password: str, *, address: str) -> bool:
    """Whether a person who is signed in knows the password; counted like a sign-in when not.

    Raises throttle.TooManyTries as `sign_in` does.
    """
    limits = throttle.sign_in_keys(account.kind, account.email, address)
    throttle.check_sign_in(limits)
    if passwords.verify(account.password_hash, password):
        return True
    with db.writing():
        _count_failure(account, limits, address)
    return False


def _still_opens(account: Account, known_hash: str | None) -> bool:
    """Read again under the lock: the password may have been changed meanwhile, the account closed."""
    return account.password_hash == known_hash and account.closed_at is None


def _hash_at_todays_price(known_hash: Any, password: str) -> str | None:
    return passwords.hash_password(password) if passwords.needs_rehash(known_hash) else None


def _count_failure(account: Account | None, limits: list[throttle.Limit], address: str) -> None:
    for limit in limits:
        throttle.count(limit)
    Event.record(EventKind.SIGN_IN_FAILED, about_id=account.id if account else None, address=address)
