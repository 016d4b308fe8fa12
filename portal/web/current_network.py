"""Which network a page is about: it stands in the address, as the school does (see current_school)."""

from typing import Any

from flask import abort, g, request
from sqlalchemy import Integer, bindparam, select

from portal import db
from portal.models import Network
from portal.policy.permissions import Permission

_IDS: Any = bindparam("ids", type_=Integer, expanding=True)
_BY_NAME = select(Network).where(Network.id.in_(_IDS)).order_by(Network.name, Network.id)


def networks_for(permission: Permission) -> tuple[list[Network], Network | None]:
    """The networks at which one holds `permission`, by name, and the one that `?network=` names, else the first.

    A foreign one does not exist: 404.
    """
    ids = [place for reach in g.account.reaches(permission) for place in reach.places]
    networks, asked = list(db.session.scalars(_BY_NAME, {"ids": ids})), request.args.get("network", "")
    if not asked:
        return networks, networks[0] if networks else None
    return networks, next((each for each in networks if each.public_id == asked), None) or abort(404)


def network_for(permission: Permission) -> Network:
    """That one network; 404 where there is none."""
    return networks_for(permission)[1] or abort(404)
