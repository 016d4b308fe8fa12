"""The accounts of those who sign in: staff and guardians, two kinds in one table that never mix (rule A16)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self

from sqlalchemy import JSON, ColumnElement, String, UniqueConstraint, and_, bindparam, event, select, true
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.accounts.rights import Rights
from portal.models.rows import NEVER, PersonName, PubliclyNamed, fold
from portal.models.users.assignments import Assignment, reaches_with, read_assignments, with_assignments
from portal.policy.evaluator import grants
from portal.policy.permissions import GUARDIAN, Permission, Reach


class AccountKind(StrEnum):
    """Whether an account is of staff or of a guardian. The value is stored."""

    STAFF = "staff"
    GUARDIAN = "guardian"


class Account(PubliclyNamed, PersonName, Rights, Base):
    """Somebody who signs in, and what they may do. Every row is one of the two kinds below."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("kind", "email"),)
    __mapper_args__ = {"polymorphic_on": "kind"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    #: Lower case; what one signs in with.
    email: Mapped[str] = mapped_column(String(254))
    given_name: Mapped[str] = mapped_column(String(120))
    #: Empty for people with a single name.
    family_name: Mapped[str] = mapped_column(String(120), default="")
    #: An argon2 hash; none until a password was set.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    email_verified_at: Mapped[datetime | None]
    #: Blocked everywhere, whatever the access levels say.
    closed_at: Mapped[datetime | None]
    last_signed_in_at: Mapped[datetime | None]

    #: The address this person acts from during the present request; kept in the events.
    acting_from = None  # type: str | None

    @property
    def guessable(self) -> tuple[str, ...]:
        """The words that others would try first as this person's password."""
        return (self.email, self.given_name, self.family_name, self.name)

    @property
    def is_staff(self) -> bool:
        """Whether this is an account of staff."""
        return self.kind == AccountKind.STAFF

    @property
    def password_epoch(self) -> str:
        """A digest of email and password hash: a mailed link carries it, and works until one of them changes."""
        return sha256(f"{self.email}\n{self.password_hash or ''}".encode()).hexdigest()[:16]

    @hybrid_method
    def is_closed(self) -> bool:
        """Return whether the account is blocked everywhere; of the class or an alias, the criterion."""
        return self.closed_at != NEVER

    @classmethod
    def with_email(cls, email: str) -> Self | None:
        """Return the account of this kind with that email, in upper or lower case; none when there is none."""
        return db.session.scalar(select(cls).where(cls.email == email.strip().lower()))


#: When the row expires, such as before a write transaction, so does what was derived from it.
event.listen(Account, "expire", lambda row, _names: row and row.forget_rights(), propagate=True)


class Guardian(Account):
    """A parent or guardian, who makes the account themself, with a code (rule A7)."""

    __mapper_args__ = {"polymorphic_identity": AccountKind.GUARDIAN.value}

    def _grants(self) -> Mapping[Permission, frozenset[Reach]]:
        return _GRANTED_TO_GUARDIANS


_GRANTED_TO_GUARDIANS = {
    permission: frozenset({Reach(scope, frozenset())}) for permission, scope in grants(GUARDIAN).items()
}


class Staff(Account):
    """Somebody who works at a school or network; the account comes with a roster or is added by hand."""

    __mapper_args__ = {"polymorphic_identity": AccountKind.STAFF.value}

    title: Mapped[str | None] = mapped_column(String(120))
    #: Their sourcedId or staffId in the imported file; none when added by hand.
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    #: Since when the imported file no longer names them.
    off_file_at: Mapped[datetime | None]
    #: Which columns their Data Grid shows; none before they chose.
    grid_columns: Mapped[list[str] | None] = mapped_column(JSON)
    #: The shared secret of the second factor, sealed; set once confirmed by a first code.
    totp_sealed: Mapped[bytes | None]
    #: The 30-second step of the last accepted second factor: each works once.
    totp_last_step: Mapped[int | None]
    #: What lists are ordered by, and what search looks into: see staff.py.
    sort_key: Mapped[str | None] = mapped_column(String(260))
    search_key: Mapped[str | None] = mapped_column(String(500))

    @classmethod
    def matches(cls, words: str) -> ColumnElement[bool]:
        """Return the criterion that name and email contain each of `words`, however they are written."""
        return and_(true(), *(cls.search_key.contains(word, autoescape=True) for word in fold(words).split()))

    @hybrid_method
    def is_off_file(self) -> bool:
        """Return whether the imported file no longer names them; of the class, the criterion."""
        return self.off_file_at != NEVER

    @property
    def assignments(self) -> frozenset[Assignment]:
        """The levels of the account at its schools and networks."""
        if self._assignments is None:
            found = db.session.execute(_ASSIGNMENTS, {"staff_id": self.id})
            self._assignments = read_assignments(found)
        return self._assignments

    def _grants(self) -> Mapping[Permission, frozenset[Reach]]:
        return reaches_with(self.assignments)


_ASSIGNMENTS = with_assignments(select().select_from(Account), Account.id).where(
    Account.id == bindparam("staff_id")
)
