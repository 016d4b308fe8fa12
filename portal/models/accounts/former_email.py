"""The emails that guardians' accounts had before: a restriction by email finds the account by them, too."""

from sqlalchemy import ForeignKey, Select, String, delete, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from portal.db import Base, db
from portal.models.accounts.account import Account, Guardian


class FormerEmail(Base):
    """One email in lower case. It is kept as long as the account, and never shown."""

    __tablename__ = "former_emails"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True, index=True)


def keep(guardian: Account, email: str) -> None:
    """Keep that this email was the account's until now."""
    db.session.merge(FormerEmail(account_id=guardian.id, email=email))


def forget(guardian: Guardian) -> None:
    """Delete the former emails of an account that is deleted."""
    db.session.execute(delete(FormerEmail).where(FormerEmail.account_id == guardian.id))


def whose(email: str) -> int | None:
    """Return the id of the account that has this email or, when none has, of the latest one that had it.

    The account is locked: if it takes another email at this moment, one of the two waits for the other.
    """
    present = db.session.scalar(select(Guardian.id).where(Guardian.email == email).with_for_update())
    had = select(func.max(FormerEmail.account_id)).where(FormerEmail.email == email)
    return present or db.session.scalar(had)


def emails_of(account_id: int) -> tuple[Select[str], Select[str]]:
    """Return two queries: the present email, and the former ones that are not another guardian's by now."""
    present = select(Guardian.email).where(Guardian.id == account_id)
    is_anothers = select(_other.id).where(_other.email == FormerEmail.email).exists()
    former = select(FormerEmail.email).where(FormerEmail.account_id == account_id, ~is_anothers)
    return present, former


_other = aliased(Guardian)
