"""The cast: people and places of the demo by short name, and the passwords of those who can sign in."""

import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from portal import db
from portal.crypto.passwords import hash_password
from portal.models import Account, Student


class Cast:
    """Rows by short name, such as `cast.ada`, `cast.mia` and `cast.lincoln`, each read in the current session.

    Rows have different models, so the attributes are typed as Any. An unknown name raises AttributeError.
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[type[Any], int]] = {}
        self._passwords: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._rows:
            raise AttributeError(f"nobody and nothing here is called {name}")
        model, key = self._rows[name]
        return db.session.get(model, key)

    def join(self, name: str, row: Any) -> Any:
        """Store `row`, make it available as the attribute `name`, and return it."""
        db.session.add(row)
        db.session.flush()
        self._rows[name] = (type(row), row.id)
        return row

    def give_password(self, account: Account, password: str) -> None:
        """Keep the password of an account in plain text for `password_of`."""
        self._passwords[account.id] = password

    def password_of(self, account: Account) -> str:
        """Return the password in plain text; the database holds only its hash."""
        return self._passwords[account.id]

    def code_of(self, student: Student) -> str:
        """Return the 12 symbols of the student's current code. Raises ValueError when there is none."""
        if student.code is None:
            raise ValueError(f"{student.name} has no access code")
        return student.code.text

    def everybody(self, kind: type[Any]) -> list[Any]:
        """Return all rows of the cast of that model, in the order in which they joined."""
        return [getattr(self, name) for name, (model, _key) in self._rows.items() if model is kind]


#: The letters of passwords, without i, l and o, which are easily mistaken for digits or each other.
LETTERS = "abcdefghjkmnpqrstuvwxyz"


class Password(NamedTuple):
    """A password in plain text, and its hash."""

    plain: str
    hashed: str


class Passwords(dict[str, Password]):
    """A password for each name. Make them outside a write transaction, because hashing is slow on purpose."""

    @classmethod
    def random_for(cls, names: Iterable[str]) -> Self:
        """Make a random password for each name."""
        return cls({name: _random_password() for name in names})


def _random_password() -> Password:
    """Return 16 random letters (72 bits) in groups of four."""
    groups = ["".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(4)]
    plain = "-".join(groups)
    return Password(plain, hash_password(plain))
