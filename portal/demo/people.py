"""The file of people who can sign in to the demo, with their passwords and some codes."""

import json
import os
from pathlib import Path
from typing import Any

from portal.demo.cast import Cast
from portal.demo.families import GUARDIANS
from portal.demo.staff import NETWORK_POSTS, POSTS
from portal.text import access_code

FILE_NAME = "people.json"

People = list[dict[str, str]]

#: Students whose codes work and are listed.
WITH_CODES = ("noah", "mia", "tomas", "jamal")


class PasswordsMissing(Exception):
    """There is a district, but not the file of its people. The message says what the operator can do."""


def people_of(cast: Cast) -> People:
    """Return the staff with level and school or network, the guardians, and codes that work."""
    at_schools = [
        _person(cast, name, kind="staff") | {"level": post.level.label, "school": _school(cast, post.school)}
        for name, post in POSTS.items()
    ]
    at_network = [
        _person(cast, name, kind="staff") | {"level": post.level.label, "network": str(cast.network.name)}
        for name, post in NETWORK_POSTS.items()
    ]
    guardians = [_person(cast, name, kind="guardian") for name in GUARDIANS]
    return at_schools + at_network + guardians + [_code(cast, name) for name in WITH_CODES]


def write(path: Path, people: People) -> None:
    """Write them as JSON to a file that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(people, file, ensure_ascii=False, indent=2)


def read(path: Path) -> People:
    """Return what `write` wrote. Raises PasswordsMissing when the file does not exist."""
    try:
        people: People = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PasswordsMissing(
            f"There is a demo already, but {path} is missing. Delete {path.parent} to start afresh."
        ) from None
    return people


def _person(cast: Cast, name: str, *, kind: str) -> dict[str, str]:
    account: Any = getattr(cast, name)
    return {
        "kind": kind,
        "name": account.name,
        "email": account.email,
        "password": cast.password_of(account),
    }


def _code(cast: Cast, name: str) -> dict[str, str]:
    student: Any = getattr(cast, name)
    pretty = access_code.pretty(cast.code_of(student))
    return {"kind": "code", "student": student.name, "school": student.school.name, "code": pretty}


def _school(cast: Cast, name: str) -> str:
    return str(getattr(cast, name).name)
