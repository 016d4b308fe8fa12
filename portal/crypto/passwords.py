"""Hash and verify passwords (argon2id), and refuse weak ones."""

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

#: The least and the greatest number of characters.
SHORTEST = 12
LONGEST = 128
PRODUCT = "Guardian Portal"
COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")

#: The cost of argon2id by the OWASP Password Storage Cheat Sheet: 2 passes over 19 MiB (given in KiB), one lane.
COST = (2, 19_456)

_hasher = PasswordHasher(time_cost=COST[0], memory_cost=COST[1], parallelism=1)
#: Limits how many hashes are computed at once: each occupies a core, so more would slow each other down.
_slots = threading.BoundedSemaphore(min(os.cpu_count() or 1, 4))


def use_cost(time_cost: int, memory_kib: int) -> None:
    """Set the cost of a hash: passes, and memory in KiB (at least 8). Tests set a low one."""
    global _hasher
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


def hash_password(plain: str) -> str:
    """Return the argon2id hash of a password. Takes tens of milliseconds: never inside a write transaction."""
    with _slots:
        return _hasher.hash(_normal(plain))


def verify(hashed: str | None, plain: str) -> bool:
    """Whether `plain` is the password with the hash `hashed`.

    For an account that does not exist, pass None: the answer is False and takes as long as for any other account.
    """
    with _slots:
        try:
            return _hasher.verify(hashed or _dummy_hash(), _normal(plain))
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(hashed: str) -> bool:
    """Whether `hashed` was made with another cost than today's, so that the next sign-in hashes the password again."""
    return _hasher.check_needs_rehash(hashed)


def weakness(plain: str, *, personal: Iterable[str]) -> str | None:
    """Return a sentence for the person why the password is too weak; None when it is not.

    `personal` holds what others would guess: the person's names and email, the name of the school.
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


def _dummy_hash() -> str:
    """Return a hash of today's cost with random bytes in place of the result, so that no password matches it."""
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${_random(_hasher.salt_len)}${_random(_hasher.hash_len)}"


def _random(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")


def _normal(plain: str) -> bytes:
    # Keyboards differ in how they compose é; the password must be the same from each of them.
    return unicodedata.normalize("NFKC", plain).encode("utf-8", "surrogatepass")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _guessable(personal: Iterable[str]) -> set[str]:
    known = [PRODUCT, *personal]
    mailboxes = [text.partition("@")[0] for text in known]
    return {_letters_and_digits(text) for text in [*known, *mailboxes]} - {""}


def _is_only(word: str, plain: str) -> bool:
    """Whether `plain` consists of the word, with any punctuation, or of the word and digits."""
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
