"""An access code as it is stored: encrypted, and bound to its row."""

from typing import Any

from portal import clock
from portal.crypto import keys
from portal.models.rows import new_public_id
from portal.policy.reach import Actor
from portal.text import access_code

#: Names the sub-keys that seal and index codes. A change makes every code unreadable.
PURPOSE = "code-v1"


def open_code(sealed: bytes, *, student_id: int, public_id: str) -> str:
    """The twelve symbols of a code that was read as columns."""
    return keys.open_sealed(sealed, purpose=PURPOSE, owner=_owner(student_id, public_id))


def draw_row(student_id: int, *, year: int, by: Actor) -> dict[str, Any]:
    """A fresh code as a row to be stored. Costs chance and encryption, and asks the database nothing."""
    canonical, public_id = access_code.draw(), new_public_id()
    return {
        "public_id": public_id,
        "student_id": student_id,
        "year": year,
        "created_by_id": by.id,
        "created_at": clock.now(),
        "digest": keys.index(PURPOSE, canonical),
        "sealed": keys.seal(canonical, purpose=PURPOSE, owner=_owner(student_id, public_id)),
    }


def _owner(student_id: int, public_id: str) -> str:
    """What the sealed code of that row is bound to."""
    return f"{student_id}:{public_id}"
