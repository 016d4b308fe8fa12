"""A district or support organisation: schools under one roof."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.event import Event, EventKind
from portal.models.rows import PubliclyNamed
from portal.policy.reach import Actor


class Network(PubliclyNamed, Base):
    __tablename__ = "networks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: Its sourcedId in the roster.
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    #: Numbers of students below five are left out of the network's views, and what would give them away.
    suppresses_small: Mapped[bool] = mapped_column(default=False)
    #: Inside a school, the network's users read the notes too.
    reads_notes: Mapped[bool] = mapped_column(default=False)

    def set(self, *, suppresses_small: bool, reads_notes: bool, by: Actor) -> None:
        """Change what views leave out and what users read; in force on the next page."""
        wanted: dict[str, Any] = {"suppresses_small": suppresses_small, "reads_notes": reads_notes}
        if any(getattr(self, name) != value for name, value in wanted.items()):
            self.suppresses_small, self.reads_notes = suppresses_small, reads_notes
            Event.record(EventKind.NETWORK_SETTINGS_CHANGED, by=by, network_id=self.id, **wanted)


class NetworkSchool(Base):
    """A school may belong to several networks, such as a district and a support organisation."""

    __tablename__ = "network_schools"

    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True, index=True)
