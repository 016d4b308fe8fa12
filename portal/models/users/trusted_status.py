"""Somebody vouched that a person may see confidential student records: who, when, and in which words."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.text.language import gettext as _


class TrustedStatus(Base):
    __tablename__ = "trusted_statuses"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: At a school, or else at a network.
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"), index=True)
    network_membership_id: Mapped[int | None] = mapped_column(
        ForeignKey("network_memberships.id"), index=True
    )
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: The sentence that stood beside the box which was ticked.
    wording: Mapped[str] = mapped_column(Text)


def wording_for(name: str, place: School | Network) -> str:
    """What somebody confirms about the person of that name before they come in."""
    return _(
        "I know %(name)s and confirm that they work for %(school)s, and that they are authorised "
        "to see confidential student data there.",
        name=name,
        school=place.name,
    )
