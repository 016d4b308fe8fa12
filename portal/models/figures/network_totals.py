"""The sums of a network's schools, kept so that its page costs the same for any number. Apart as they are tables.

Whatever could make a sum wrong leaves a row in `network_changes`, by a trigger, and from then on the sum is not
looked at. The worker adds up again what is marked; see portal.models.figures.network_count.
"""

from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime
from portal.models.figures.small_numbers import STUDENT_MEASURES
from portal.models.users.membership_count import LEVELS

#: A row for each network and grade band, as its setting on small numbers has it shown.
NetworkTotals = Table(
    "network_totals",
    Base.metadata,
    Column("network_id", Integer, ForeignKey("networks.id"), primary_key=True),
    Column("band", String(12), primary_key=True),
    #: None where there is nothing to show.
    *(Column(name, Integer) for name in STUDENT_MEASURES),
    *(Column(name, Integer, nullable=False) for name in ("supports", *LEVELS, "schools")),
    #: Of the school that was counted first.
    Column("counted_at", UtcDateTime()),
    #: The end of the first day that ends at one of its schools; none where one was not counted yet.
    Column("fresh_until", UtcDateTime()),
)


class NetworkChange(Base):
    """A network has changed since it was added up, or a school has, in whatever networks it is."""

    __tablename__ = "network_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("networks.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
