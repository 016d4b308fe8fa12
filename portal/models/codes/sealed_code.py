"""An access code as it is stored: encrypted, bound to its row. Apart: readers of columns need no row to open it."""

from typing import Any

from portal import clock
from portal.crypto import keys
from portal.models.rows import new_public_id
from portal.policy.reach import Actor
from portal.text import access_code

#: The name of the sub-keys that encrypt and index codes. Changing it makes every code unreadable.
PURPOSE = "code-v1"


def open_code(sealed: bytes, *, student_id: int, public_id: str) -> str:
    """Decrypt a code and return its twelve symbols."""
    return keys.open_sealed(sealed, purpose=PURPOSE, owner=_owner(student_id, public_id))


def draw_row(student_id: int, *, year: int, by: Actor) -> dict[str, Any]:
    """Draw a random code and return the row to store. Needs no query."""
    canonical = access_code.draw()
    public_id = new_public_id()
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
    """Return the text to which the encrypted code of that row is bound."""
    return f"{student_id}:{public_id}"
