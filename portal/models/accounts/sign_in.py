"""The browsers that are signed in. Deleting a row signs its browser out."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from sqlalchemy import (
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    delete,
    false,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped, db
from portal.models.accounts.account import Account, AccountKind, Guardian, Staff
from portal.models.accounts.browser_names import named
from portal.models.inserting import inserted
from portal.models.loaded import detached, loaded
from portal.models.rows import PubliclyNamed, new_public_id
from portal.models.schools.school import School
from portal.models.users.assignments import read_assignments, with_assignments
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import HasId

#: How long a browser stays signed in: without use, and in all. OWASP ASVS 5.0, 7.3.
IDLE = {AccountKind.STAFF: timedelta(minutes=30), AccountKind.GUARDIAN: timedelta(days=30)}
LONGEST = {AccountKind.STAFF: timedelta(hours=12), AccountKind.GUARDIAN: timedelta(days=30)}

#: How long a given password vouches for the person at the browser. OWASP ASVS 5.0, 7.5.3.
PASSWORD_LASTS = timedelta(minutes=10)

#: `last_seen_at` is written at most this often.
SEEN_EVERY = timedelta(minutes=1)


class SignIn(PubliclyNamed, Scoped, Base):
    """One browser in which an account is signed in."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: SHA-256 of the token in the cookie: who reads the table cannot sign in.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime]
    #: When the account's password was last given in this browser; acts of weight ask for it again.
    password_given_at: Mapped[datetime | None]
    #: When the second factor was given; staff who owe it reach nothing before.
    second_factor_at: Mapped[datetime | None]
    #: What the browser calls itself, shortened; shown in the list of signed-in browsers.
    browser: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(45))

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    is_active, is_authenticated, is_anonymous = True, True, False  # for Flask-Login

    #: Known only in the request that signs in.
    token: str = ""

    @classmethod
    def start(cls, account: Account, *, browser: str | None, address: str | None) -> Self:
        """Sign in a browser, whose person has just given the password.

        `token` of the result goes into its cookie and is kept nowhere else.
        """
        kind = AccountKind(account.kind)
        token, now = secrets.token_urlsafe(32), clock.now()
        given = {"account_id": account.id, "browser": (browser or "")[:200] or None, "address": address}
        moments = {
            "created_at": now,
            "last_seen_at": now,
            "password_given_at": now,
            "ends_at": now + LONGEST[kind],
        }
        row = inserted(
            _NEW, cls, given | moments | {"public_id": new_public_id(), "token_hash": _hash(token)}
        )
        row.token = token
        set_committed_value(row, "account", account)
        return row

    @classmethod
    def recognise(cls, token: str) -> Self | None:
        """Return the sign-in of this token as it is now, in no session; none when it has ended.

        Its account is a row of the session, with the levels and the schools one works at read. One statement.
        """
        rows = db.session.connection().execute(_BY_TOKEN, {"token_hash": _hash(token)}).all()
        if not rows:
            return None
        account = _account_of(rows)
        row = detached(cls, dict(zip(_SIGN_IN, rows[0], strict=False)) | {"account": account})
        return row if row._is_good() else None

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the browsers in which this account is signed in."""
        return cls.account_id == account.id if reach.scope is Scope.OWN_ACCOUNT else false()

    @classmethod
    def end_all(cls, account: Account, *, but: Self | None = None) -> None:
        """Sign the account out everywhere, except in the browser of `but`."""
        db.session.execute(delete(cls).where(cls.account_id == account.id, cls.id != (but.id if but else 0)))

    @property
    def is_stale(self) -> bool:
        """Whether `last_seen_at` is due to be written."""
        return clock.now() - self.last_seen_at >= SEEN_EVERY

    @classmethod
    def see(cls, sign_in_id: int, *, writing_on: Connection) -> None:
        """Write down that this browser was just used; it may have been signed out meanwhile."""
        writing_on.execute(_SEEN, {"seen_id": sign_in_id, "last_seen_at": clock.now()})

    @property
    def has_recent_password(self) -> bool:
        """Whether the password was given in this browser within the last minutes: it need not be asked again."""
        given = self.password_given_at
        return given is not None and timedelta() <= clock.now() - given < PASSWORD_LASTS

    @classmethod
    def note_password(cls, sign_in_id: int) -> None:
        """Write down that the password was given again in this browser."""
        given = update(cls).where(cls.id == sign_in_id).values(password_given_at=clock.now())
        db.session.execute(given)

    @property
    def browser_name(self) -> str:
        """The browser as people call it, such as "Firefox, Windows"."""
        return named(self.browser or "")

    def end(self) -> None:
        """Sign this browser out."""
        db.session.execute(delete(SignIn).where(SignIn.id == self.id))

    def get_id(self) -> str:
        """Return what Flask-Login puts into the signed cookie."""
        return self.token

    def _is_good(self) -> bool:
        now, kind = clock.now(), AccountKind(self.account.kind)
        return now < self.ends_at and now - self.last_seen_at < IDLE[kind]


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


_NEW = insert(SignIn.__table__)  # type: ignore[arg-type]
_SEEN = update(SignIn).where(SignIn.id == bindparam("seen_id")).values(last_seen_at=bindparam("last_seen_at"))

#: What a request needs of the browser's row, of the account and of the schools where it works, each by name.
_SIGN_IN = (
    "id", "account_id", "public_id", "last_seen_at", "ends_at", "password_given_at", "second_factor_at",
)  # fmt: skip
_ACCOUNT = (
    "id", "kind", "public_id", "email", "given_name", "family_name", "password_hash", "language",
    "email_verified_at", "closed_at", "grid_columns",
)  # fmt: skip
_SCHOOL = tuple(School.__table__.columns.keys())
_TO_SCHOOL = len(_SIGN_IN) + len(_ACCOUNT)
_MODELS: Mapping[str, type[Account]] = {AccountKind.STAFF: Staff, AccountKind.GUARDIAN: Guardian}


def _account_of(rows: Sequence[Sequence[Any]]) -> Account:
    """Return the account that the rows are about, as a row of the session that knows its levels and schools."""
    columns = dict(zip(_ACCOUNT, rows[0][len(_SIGN_IN) :], strict=False))
    schools = [dict(zip(_SCHOOL, row[_TO_SCHOOL:], strict=False)) for row in rows]
    account = loaded(_MODELS[columns["kind"]], columns)
    account.set_rights(read_assignments(rows), schools)
    return account


_BY_TOKEN = with_assignments(
    select(
        *(SignIn.__table__.c[name] for name in _SIGN_IN),
        *(Account.__table__.c[name] for name in _ACCOUNT),
        *(School.__table__.c[name] for name in _SCHOOL),
    )
    .select_from(SignIn)
    .join(Account, Account.id == SignIn.account_id),
    Account.id,
).where(SignIn.token_hash == bindparam("token_hash"))
