"""What somebody may do at a network, how far, and how it is changed: rules B2, B8, B17 and B19."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.db import Refused, db
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.models.rows import changes_one
from portal.models.schools.network import Network, NetworkSchool
from portal.models.schools.school import School
from portal.models.users.invitation import invite
from portal.models.users.network_membership import NetworkMembership, PortfolioSchool
from portal.policy.delegation import Access, Portfolio
from portal.policy.grants import has_portfolio
from portal.policy.permissions import APPOINTED, NetworkLevel, Permission
from portal.text.language import gettext as _


def access_of(row: NetworkMembership) -> Access:
    """What that person holds at the network now. A school that left it has dropped out."""
    listed = (
        select(PortfolioSchool.school_id)
        .join(NetworkSchool, NetworkSchool.school_id == PortfolioSchool.school_id)
        .where(PortfolioSchool.network_membership_id == row.id, NetworkSchool.network_id == row.network_id)
    )
    portfolio = Portfolio(row.portfolio_is_all, frozenset(db.session.scalars(listed)))
    return Access(row.access_level, row.can_manage_users, portfolio)


def own_access(network: Network, by: Any) -> Access:
    """What `by` holds there. Raises Refused for whom it is nothing."""
    row = NetworkMembership.of(by, network)
    if row is None or not by.may_at_network(Permission.MANAGE_NETWORK_USERS, network.id):
        raise Refused(_("You do not manage the users of this network."))
    return access_of(row)


def schools_to_give(network: Network, own: Access) -> Sequence[School]:
    """The schools that somebody with `own` may put into a portfolio, by name."""
    schools = select(School).join(NetworkSchool, NetworkSchool.school_id == School.id)
    schools = schools.where(NetworkSchool.network_id == network.id, School.is_on_roster())
    if has_portfolio(own.level) and not own.portfolio.is_all:
        schools = schools.where(School.id.in_(own.portfolio.school_ids))
    return db.session.scalars(schools.order_by(School.name, School.id)).all()


def objection_to_person(row: NetworkMembership, own: Access, *, by: Any) -> str | None:
    """Why `by` may not change what this person holds; none when they may."""
    if row.staff_id == by.id:
        return _("Nobody changes their own access level. Ask another admin of the network.")
    if row.access_level in APPOINTED:
        return _("A Network Admin is appointed by the operator, who alone can correct that.")
    if row.staff.is_closed():
        return _("This account is blocked everywhere. Only the operator can open it again.")
    if not own.covers(access_of(row)):
        return _("This person's access reaches farther than your own.")
    return None


def objection_to_access(to: Access, own: Access) -> str | None:
    """Why somebody with `own` may not give `to` to anybody; none when they may."""
    if to.level in APPOINTED:
        return _("Network Admin is not given here: the operator appoints them.")
    if has_portfolio(to.level) and not to.portfolio.is_all and not to.portfolio.school_ids:
        return _("Choose at least one school, or all schools.")
    if not own.covers(to):
        return _("Nobody can give access that reaches farther than their own.")
    return None


def change_access(row: NetworkMembership, to: Access, *, by: Any, seen: str | None = None) -> bool:
    """Give this person other access there, in force on their next request. False when they hold it already.

    `seen` is the level that stood on the page where this was decided. Raises Refused where the rules say no,
    and when somebody else has changed it meanwhile.
    """
    row.lock()
    own, old = own_access(row.network, by), access_of(row)
    if not has_portfolio(to.level):
        to = to._replace(portfolio=old.portfolio)  # kept, inert: with the level it comes back
    if to == old:
        return False
    refusal = objection_to_person(row, own, by=by) or objection_to_access(to, own)
    if refusal is None and seen not in (None, row.level):
        refusal = _("Somebody changed this access level a moment ago: it is %(level)s now.", level=row.label)
    if refusal:
        raise Refused(refusal)
    set_access(row, to, by=by)
    return True


def appoint_admin(*, staff_id: int, network_id: int) -> NetworkMembership:
    """Make someone Network Admin, as only the operator may; on a form this level is never offered.

    Whoever belongs to the network already keeps the portfolio for a later level.
    """
    found = select(NetworkMembership).filter_by(staff_id=staff_id, network_id=network_id)
    row = db.session.scalar(found) or NetworkMembership(staff_id=staff_id, network_id=network_id)
    db.session.add(row)
    db.session.flush()
    row.lock()
    if row.access_level is not NetworkLevel.NETWORK_ADMIN:
        set_access(row, access_of(row)._replace(level=NetworkLevel.NETWORK_ADMIN), by=None)
    return row


def dismiss(row: NetworkMembership) -> bool:
    """Take away whatever this person holds at the network, as the operator. False when that is nothing already.

    What they hold at a school stays; so does the portfolio, for a later level.
    """
    row.lock()
    if not row.is_open:
        return False
    set_access(row, Access(NetworkLevel.NO_ACCESS, False, access_of(row).portfolio), by=None)
    return True


def set_access(row: NetworkMembership, to: Access, *, by: Any) -> None:
    """Write it down, with the events and what follows for sign-ins and mail. The rules were asked before."""
    old, could_sign_in = access_of(row), row.is_open
    same = update(NetworkMembership).where(
        NetworkMembership.id == row.id, NetworkMembership.level == row.level
    )
    values = {"level": to.level.value, "can_manage_users": to.can_manage_users}
    if not changes_one(same.values(**values, portfolio_is_all=to.portfolio.is_all)):
        raise Refused(_("Somebody changed this access level a moment ago. Look again."))
    db.session.refresh(row, ["level", "can_manage_users", "portfolio_is_all"])
    if to.portfolio != old.portfolio:
        _set_portfolio(row, to.portfolio, by=by)
    if (old.level, old.can_manage_users) != (to.level, to.can_manage_users):
        words: dict[str, Any] = {
            "old": old.level.value,
            "new": row.level,
            "can_manage_users": row.can_manage_users,
            **({} if by else {"source": "operator"}),
        }
        Event.record(
            EventKind.LEVEL_CHANGED, by=by, about_id=row.staff_id, network_id=row.network_id, **words
        )
    _let_in_or_out(row, could_sign_in=could_sign_in, by=by)


def _set_portfolio(row: NetworkMembership, portfolio: Portfolio, *, by: Any) -> None:
    own = PortfolioSchool.network_membership_id == row.id
    db.session.execute(delete(PortfolioSchool).where(own), execution_options={"synchronize_session": False})
    listed = sorted(portfolio.school_ids)
    if listed:
        rows = [{"network_membership_id": row.id, "school_id": school_id} for school_id in listed]
        db.session.execute(insert(PortfolioSchool), rows)
    words: dict[str, Any] = {"is_all": portfolio.is_all, "schools": listed}
    Event.record(
        EventKind.PORTFOLIO_CHANGED, by=by, about_id=row.staff_id, network_id=row.network_id, **words
    )


def _let_in_or_out(row: NetworkMembership, *, could_sign_in: bool, by: Any) -> None:
    """Who has nowhere left to go is signed out; who comes in without a password is sent an invitation."""
    row.staff.forget_rights()
    if not row.staff.may(Permission.SIGN_IN):
        SignIn.end_all(row.staff)
    elif not could_sign_in and row.staff.password_hash is None:
        invite(row.staff, by=by, network_id=row.network_id)
