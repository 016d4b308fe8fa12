"""The people and places everybody here knows by first name."""

from typing import Any

from portal import db
from portal.models import Account, Student


class Cast:
    """`cast.ada`, `cast.mia`, `cast.lincoln`: each time the row as the present session has it."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[type[Any], int]] = {}
        self._passwords: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._rows:
            raise AttributeError(f"nobody and nothing here is called {name}")
        model, key = self._rows[name]
        return db.session.get(model, key)

    def join(self, name: str, row: Any) -> Any:
        """Store `row` and know it by `name` from now on."""
        db.session.add(row)
        db.session.flush()
        self._rows[name] = (type(row), row.id)
        return row

    def give_password(self, account: Account, password: str) -> None:
        self._passwords[account.id] = password

    def password_of(self, account: Account) -> str:
        """What this person types to sign in; the database holds only a hash of it."""
        return self._passwords[account.id]

    def code_of(self, student: Student) -> str:
        """The twelve symbols of the student's present code. Raises ValueError when there is none."""
        if student.code is None:
            raise ValueError(f"{student.name} has no access code")
        return student.code.text

    def everybody(self, kind: type[Any]) -> list[Any]:
        """All of that model, in the order in which they came."""
        return [getattr(self, name) for name, (model, _key) in self._rows.items() if model is kind]
