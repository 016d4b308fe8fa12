"""What the School Picker offers: places by name, as many as one reads."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.rows import cut
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.policy.permissions import Permission

#: As many schools are shown; who reaches more searches.
MOST_SHOWN = 60

#: So many are seen at a glance: a search would stand in the way.
AT_A_GLANCE = 8


class Picker(NamedTuple):
    """`is_cut`: there are more schools than are shown."""

    schools: Sequence[School]
    networks: Sequence[Network]
    is_cut: bool

    @property
    def is_long(self) -> bool:
        return len(self.schools) > AT_A_GLANCE


def picker_of(account: Account, words: str) -> Picker:
    """The schools `account` may enter whose names hold `words`, and the networks whose totals they may see."""
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
