"""Passwords for people who are not real: drawn anew for every district."""

import secrets
from collections.abc import Iterable
from typing import NamedTuple, Self

from portal.crypto.passwords import hash_password

#: Easy to read aloud and to type on a phone: no i, l or o.
LETTERS = "abcdefghjkmnpqrstuvwxyz"


class Password(NamedTuple):
    """What is typed, and what is stored."""

    plain: str
    hashed: str


class Passwords(dict[str, Password]):
    """A password for each name, hashed before any transaction is open: hashing is slow on purpose."""

    @classmethod
    def drawn_for(cls, names: Iterable[str]) -> Self:
        return cls({name: _drawn() for name in names})


def _drawn() -> Password:
    """Sixteen letters in groups of four: 72 random bits."""
    groups = ["".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(4)]
    plain = "-".join(groups)
    return Password(plain, hash_password(plain))
