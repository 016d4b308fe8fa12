"""One roster file on its way in: uploaded, previewed, applied. The summary stays."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped
from portal.models.account import Account
from portal.models.identity import PubliclyNamed
from portal.permissions import Reach


class RosterImport(PubliclyNamed, Scoped, Base):
    __tablename__ = "roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What the file was called where it came from.
    file_name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: What the preview found: counts, samples, problems.
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    previewed_at: Mapped[datetime | None]
    #: When someone asked for it to be applied, and whether despite many people gone.
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    overrides_limit: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    applied_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    #: A sentence for the person.
    failure: Mapped[str | None] = mapped_column(String(1000))

    created_by: Mapped[Account | None] = relationship(foreign_keys=created_by_id)

    @classmethod
    def within(cls, _reach: Reach, account: Any) -> ColumnElement[bool]:
        """Uploads are their own author's alone: a file may name people out of others' reach."""
        owner: int = account.id
        return cls.created_by_id == owner
