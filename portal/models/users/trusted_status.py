"""Trusted status: who confirmed that a person may see confidential data, when, and in which words (rule B7)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.event import Event, EventKind
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.models.users.any_membership import AnyMembership
from portal.models.users.membership import Membership
from portal.policy.reach import Actor
from portal.text.language import gettext as _


class TrustedStatus(Base):
    """One confirmation, for one person at one place."""

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


def confirm_trust(row: AnyMembership, *, by: Actor, wording: str) -> None:
    """Keep that `by` confirmed the trusted status of this person there, in the words of `wording` (rule B7)."""
    column = "membership_id" if isinstance(row, Membership) else "network_membership_id"
    db.session.add(TrustedStatus(confirmed_by_id=by.id, wording=wording, **{column: row.id}))
    Event.record(EventKind.TRUSTED_STATUS_CONFIRMED, by=by, about_id=row.staff_id, **row.place_detail)


def wording_for(name: str, place: School | Network) -> str:
    """Return what somebody confirms about the person of that name before they come in."""
    return _(
        "I know %(name)s and confirm that they work for %(school)s, and that they are authorised "
        "to see confidential student data there.",
        name=name,
        school=place.name,
    )
