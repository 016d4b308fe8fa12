"""A network, which is a district or support organisation, and the schools that belong to it."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.models.event import Event, EventKind
from portal.models.rows import PubliclyNamed
from portal.policy.reach import Actor


class Network(PubliclyNamed, Base):
    """A network with its settings, which its views and its users' rights within schools depend on."""

    __tablename__ = "networks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: Its sourcedId in the roster.
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    #: Whether views leave out numbers of students below five, and those that would reveal them (decision 17).
    suppresses_small: Mapped[bool] = mapped_column(default=False)
    #: Whether users of the network who enter a school may read notes there.
    reads_notes: Mapped[bool] = mapped_column(default=False)

    def set(self, *, suppresses_small: bool, reads_notes: bool, by: Actor) -> None:
        """Change the settings and record it, if they differ from the present ones."""
        settings: dict[str, Any] = {"suppresses_small": suppresses_small, "reads_notes": reads_notes}
        if any(getattr(self, name) != value for name, value in settings.items()):
            self.suppresses_small, self.reads_notes = suppresses_small, reads_notes
            Event.record(EventKind.NETWORK_SETTINGS_CHANGED, by=by, network_id=self.id, **settings)


class NetworkSchool(Base):
    """A school belongs to a network. It may belong to several, such as a district and a support organisation."""

    __tablename__ = "network_schools"

    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True, index=True)
