"""An access code as it is stored: encrypted, and bound to its row."""

from portal import keys

#: Names the sub-keys that seal and index codes. A change makes every code unreadable.
PURPOSE = "code-v1"


def owner_of(student_id: int, public_id: str) -> str:
    """What the sealed code of that row is bound to."""
    return f"{student_id}:{public_id}"


def open_code(sealed: bytes, *, student_id: int, public_id: str) -> str:
    """The twelve symbols of a code that was read as columns."""
    return keys.open_sealed(sealed, purpose=PURPOSE, owner=owner_of(student_id, public_id))
