"""Passwords: how they are kept, and which ones are too weak."""

import base64
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.text.language import gettext as _

SHORTEST = 12
LONGEST = 128
PRODUCT = "Guardian Portal"
COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")

#: argon2id as the OWASP Password Storage Cheat Sheet asks: 2 passes over 19 MiB (in KiB), in one lane.
COST = (2, 19_456)

_hasher = PasswordHasher(time_cost=COST[0], memory_cost=COST[1], parallelism=1)
#: Each hash takes a core and its memory; more at once than cores would only slow each other down.
_turns = threading.BoundedSemaphore(min(os.cpu_count() or 1, 4))


def use_cost(time_cost: int, memory_kib: int) -> None:
    """Set the price of one hash: passes, and memory in KiB (at least 8). Tests make it cheap."""
    global _hasher
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


def hash_password(plain: str) -> str:
    """An argon2id hash to store. Takes tens of milliseconds: never inside a write transaction."""
    with _turns:
        return _hasher.hash(_normal(plain))


def verify(hashed: str | None, plain: str) -> bool:
    """Whether `plain` is the password behind `hashed`.

    None stands for an account that does not exist: the answer is no, after as long as for one that does.
    """
    with _turns:
        try:
            return _hasher.verify(hashed or _nobodys_hash(), _normal(plain))
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(hashed: str) -> bool:
    """Whether `hashed` was made at another price than today's; then hash again at the next sign-in."""
    return _hasher.check_needs_rehash(hashed)


def weakness(plain: str, *, personal: Iterable[str]) -> str | None:
    """Why `plain` is too weak, as a sentence for the person; None when it will do.

    `personal` holds what anybody would guess first: the person's names and email, the school's name.
    """
    if len(plain) < SHORTEST:
        return _("Use at least %(shortest)s characters.", shortest=SHORTEST)
    if len(plain) > LONGEST:
        return _("Use at most %(longest)s characters.", longest=LONGEST)
    if len(set(_folded(plain))) == 1:
        return _("Use more than one character, repeated.")
    if any(_is_only(word, plain) for word in _guessable(personal)):
        return _("This is a name or an email address that others know. Choose something else.")
    if _is_common(plain):
        return _("Many people use this password. Choose something else.")
    return None


def _nobodys_hash() -> str:
    """A hash at today's price that no password has: chance stands where the result would."""
    price = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${price}${_chance(_hasher.salt_len)}${_chance(_hasher.hash_len)}"


def _chance(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")


def _normal(plain: str) -> bytes:
    # Keyboards differ in how they compose é; a person must get in from each of them.
    return unicodedata.normalize("NFKC", plain).encode("utf-8", "surrogatepass")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _guessable(personal: Iterable[str]) -> set[str]:
    known = [PRODUCT, *personal]
    mailboxes = [text.partition("@")[0] for text in known]
    return {_letters_and_digits(text) for text in [*known, *mailboxes]} - {""}


def _is_only(word: str, plain: str) -> bool:
    """Whether `plain` is that word, however spaced, or the word and digits."""
    rest = _letters_and_digits(plain).removeprefix(word)
    return rest == "" or (rest.isdigit() and _letters_and_digits(plain) != rest)


def _letters_and_digits(text: str) -> str:
    return "".join(sign for sign in _folded(text) if sign.isalnum())


def _is_common(plain: str) -> bool:
    folded = _folded(plain)
    return not _common_passwords().isdisjoint({folded, re.sub(r"[\d\W_]+$", "", folded)})


@cache
def _common_passwords() -> frozenset[str]:
    lines = COMMON_PASSWORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
