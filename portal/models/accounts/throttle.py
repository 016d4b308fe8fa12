"""The limits on tries. Only failures are counted, so that the right code and password always work (decision 2).

The figures are those of docs/security.md: with 55 random bits in a code they leave a guesser nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final, NamedTuple

from portal import clock
from portal.crypto import keys
from portal.db import Refused
from portal.models.accounts.account import Account
from portal.models.accounts.throttle_count import ThrottleCount
from portal.text.language import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400

#: Wrong codes in the whole installation within an hour: at this many the admins are told.
ALARM: Final = 100
#: … and from here on only verified accounts may try, once a minute.
EMERGENCY: Final = 300

#: Wrong passwords that cost no wait; each further one doubles it, up to the longest (seconds).
FREE_FAILURES: Final = 5
FIRST_WAIT: Final = 30
LONGEST_WAIT: Final = 15 * MINUTE

#: Networks of the schools, from which many families try on one evening (CIDR); set at start.
school_networks: Sequence[str] = ()


class TooManyTries(Refused):
    """Refuse for `seconds`, after which the next try is allowed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        minutes = -(-self.seconds // MINUTE)
        super().__init__(_("Too many tries. Please wait %(minutes)d min and try again.", minutes=minutes))


class Limit(NamedTuple):
    """At most `most` tries under `key` within `seconds` of the first one."""

    key: bytes
    most: int
    seconds: int


def guesses(*, by: Account | None, address: str) -> list[Limit]:
    """Return the limits for wrong codes presented by `by`, none for a stranger, from `address`."""
    per_address = 300 if _is_of_a_school(address) else 30
    limits = [Limit(_key("guess", _network(address)), per_address, HOUR)]
    if by is not None:
        limits += [
            Limit(_key("guess", str(by.id)), 5, 15 * MINUTE),
            Limit(_key("guess a day", str(by.id)), 20, DAY),
        ]
    return limits


def sign_ups(address: str) -> list[Limit]:
    """Return the limit for accounts made from one address: beyond it, the email is verified first."""
    return [Limit(_key("sign-up", _network(address)), 300 if _is_of_a_school(address) else 5, HOUR)]


def may_sign_up(address: str) -> bool:
    """Count one more sign-up from `address`, and return whether an account may be made before the email is verified."""
    return count(limit := sign_ups(address)[0]) <= limit.most


def mails_to(email: str) -> list[Limit]:
    """Return the limit for mails that anyone can have sent to an email address by typing it."""
    return [Limit(_key("mail", _mailbox(email)), 5, HOUR)]


def may_mail(email: str) -> bool:
    """Count one more mail to `email` because somebody typed it, and return whether it may go."""
    return count(limit := mails_to(email)[0]) <= limit.most


def check(limits: Sequence[Limit]) -> None:
    """Raise TooManyTries when one of `limits` is reached."""
    _refuse_at(limits, ThrottleCount.running([limit.key for limit in limits]))


def check_guesses(*, by: Account | None, address: str) -> None:
    """Raise TooManyTries when no further code may be presented by `by` from `address` now."""
    limits = guesses(by=by, address=address)
    counts = ThrottleCount.running([_everywhere(), *(limit.key for limit in limits)])
    _refuse_at(limits, counts)
    everywhere = counts.get(_everywhere())
    if everywhere and everywhere.tries >= EMERGENCY:
        _refuse_in_emergency(by, counts.get(limits[-1].key), until=everywhere.resets_at)


def count_guess(*, by: Account | None, address: str) -> bool:
    """Count a wrong code, and return whether it is the one at which the admins are to be told."""
    for limit in guesses(by=by, address=address):
        count(limit)
    return count(Limit(_everywhere(), ALARM, HOUR)) == ALARM


def count(limit: Limit) -> int:
    """Count one try, and return the number of tries now."""
    return ThrottleCount.add(limit.key, limit.seconds)


def sign_in_keys(kind: str, email: str, address: str) -> list[Limit]:
    """Return the limits for wrong passwords: of the account, whether it exists or not, and of the address."""
    return [
        Limit(_key(f"sign-in {kind}", _mailbox(email)), FREE_FAILURES, DAY),
        Limit(_key("sign-in", _network(address)), 300 if _is_of_a_school(address) else 30, DAY),
    ]


def check_sign_in(limits: Sequence[Limit]) -> None:
    """Raise TooManyTries during the wait after the last wrong password. Every wait ends."""
    counts = ThrottleCount.running([limit.key for limit in limits])
    for limit in limits:
        tried = counts.get(limit.key)
        if tried and tried.tries >= limit.most:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tried.tries - limit.most, 10))
            _wait_until(tried.last_try_at + timedelta(seconds=wait))


def forget(limit: Limit) -> None:
    """Forget the tries, after the right password."""
    ThrottleCount.forget(limit.key)


def _refuse_at(limits: Sequence[Limit], counts: Mapping[bytes, Any]) -> None:
    for limit in limits:
        tried = counts.get(limit.key)
        if tried and tried.tries >= limit.most:
            _wait_until(tried.resets_at)


def _refuse_in_emergency(by: Account | None, tried: Any, *, until: datetime) -> None:
    if by is None or by.email_verified_at is None:
        _wait_until(until)
    elif tried:
        _wait_until(tried.last_try_at + timedelta(seconds=MINUTE))


def _wait_until(moment: datetime) -> None:
    wait = (moment - clock.now()).total_seconds()
    if wait > 0:
        raise TooManyTries(wait)


def _network(address: str) -> str:
    """Return what one household or office shares: a v4 address, or the /64 of a v6 address."""
    parsed = ip_address(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def _mailbox(email: str) -> str:
    """Return the email as it is counted, in whatever case it was typed."""
    return email.strip().lower()


def _is_of_a_school(address: str) -> bool:
    return any(ip_address(address) in ip_network(network) for network in school_networks)


def _everywhere() -> bytes:
    return _key("guess", "everywhere")


def _key(subject: str, who: str) -> bytes:
    return keys.index("throttle-v1", f"{subject}\n{who}")
