"""What a row is called outside, and how names are compared."""

import secrets
import unicodedata

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


def new_public_id() -> str:
    """128 random bits as text for URLs: the integers stay inside."""
    return secrets.token_urlsafe(16)


class PubliclyNamed:
    """A row that stands in URLs."""

    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)


def fold(text: str) -> str:
    """`text` as search and sorting compare it: no case, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("ł", "l"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.replace("’", "'").split())
