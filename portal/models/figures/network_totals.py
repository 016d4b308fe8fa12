"""The tables of networks' totals, stored so that a page costs the same for any number of schools.

A trigger writes a row to `network_changes` whenever a total may have become wrong, and from then on the total is not
read. The worker computes it again; see portal.models.figures.network_count.
"""

from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime
from portal.models.figures.small_numbers import STUDENT_MEASURES
from portal.models.users.membership_count import LEVELS

#: A row for each network and grade band; small numbers are left out if the network's setting says so.
NetworkTotals = Table(
    "network_totals",
    Base.metadata,
    Column("network_id", Integer, ForeignKey("networks.id"), primary_key=True),
    Column("band", String(12), primary_key=True),
    #: NULL where there is nothing to show.
    *(Column(name, Integer) for name in STUDENT_MEASURES),
    *(Column(name, Integer, nullable=False) for name in ("supports", *LEVELS, "schools")),
    #: When the school with the oldest count was counted.
    Column("counted_at", UtcDateTime()),
    #: When the day ends at the first of its schools; NULL when one was not counted yet.
    Column("fresh_until", UtcDateTime()),
)


class NetworkChange(Base):
    """A note that a network, or a school in any networks, has changed since the totals were stored."""

    __tablename__ = "network_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("networks.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
