"""The School Picker: the schools and networks among which a person chooses after signing in (rule B18)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.paging import cut
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.policy.permissions import Permission

#: The greatest number of schools that are shown. Whoever reaches more can search.
MOST_SHOWN = 60

#: Up to so many schools, no search is offered.
AT_A_GLANCE = 8


class Picker(NamedTuple):
    """The schools and networks to choose from. `is_cut` is set when there are more schools than are shown."""

    schools: Sequence[School]
    networks: Sequence[Network]
    is_cut: bool

    @property
    def is_long(self) -> bool:
        """Whether a search is offered."""
        return len(self.schools) > AT_A_GLANCE


def picker_of(account: Account, words: str) -> Picker:
    """Return the schools that `account` may enter and whose names contain all `words`, and the networks it may view."""
    schools = School.visible_to(account, Permission.ENTER_SCHOOL).where(School.is_on_roster())
    for word in words.split():
        schools = schools.where(School.name.icontains(word, autoescape=True))
    found = db.session.scalars(schools.order_by(School.name, School.id).limit(MOST_SHOWN + 1)).all()
    shown, is_cut = cut(found, MOST_SHOWN)
    viewed = [place for reach in account.reaches(Permission.VIEW_NETWORK) for place in reach.places]
    networks = select(Network).where(Network.id.in_(viewed)).order_by(Network.name, Network.id)
    return Picker(
        schools=shown,
        networks=db.session.scalars(networks).all() if viewed else (),
        is_cut=is_cut,
    )
