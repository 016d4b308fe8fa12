"""The first network or school of an installation, and its first admin."""

from dataclasses import dataclass
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import exists, select

from portal import clock, db
from portal.db import Refused
from portal.models.accounts.account import Account, Staff
from portal.models.event import Event, EventKind
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.models.users.level_change import appoint_admin
from portal.text.names import full_name

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Place:
    """A network, whose schools come with its roster; or one school, known to its roster by `identifier`."""

    name: str
    is_school: bool = False
    identifier: str | None = None
    time_zone: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            raise Refused("The network or school needs a name.")


@dataclass(frozen=True, kw_only=True)
class Founder:
    """Who can sign in first. Raises Refused for what is no email address, and without a name."""

    given_name: str
    family_name: str
    email: str

    def __post_init__(self) -> None:
        if not self.given_name:
            raise Refused("The first admin needs a name.")
        try:
            validate_email(self.email, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise Refused(f"{self.email} is not an email address.") from None

    @property
    def name(self) -> str:
        """The full name."""
        return full_name(self.given_name, self.family_name)


def found(place: Place, founder: Founder, *, password_hash: str) -> None:
    """Create the first network or school, and its admin. Raises Refused when the installation has accounts."""
    with db.writing():
        staff = _account(founder, password_hash)
        if place.is_school:
            school = School(name=place.name, identifier=place.identifier, time_zone=place.time_zone)
            appoint_admin(staff, _added(school))
        else:
            appoint_admin(staff, _added(Network(name=place.name)))


def _account(founder: Founder, password_hash: str) -> Staff:
    if db.session.scalar(select(exists().select_from(Account))):
        raise Refused("This installation has accounts already; nothing was changed.")
    staff = _added(
        Staff(
            email=founder.email, given_name=founder.given_name, family_name=founder.family_name,
            password_hash=password_hash, email_verified_at=clock.now(),
        )
    )  # fmt: skip
    Event.record(EventKind.ACCOUNT_CREATED, about_id=staff.id)
    return staff


def _added(row: _Row) -> _Row:
    db.session.add(row)
    db.session.flush()
    return row
