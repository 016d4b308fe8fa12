"""Who may change whose access, and to which: rules B2, B8 and B19, each as the sentence that refuses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.models.schools.network import Network, NetworkSchool
from portal.models.schools.school import School
from portal.policy.delegation import Access
from portal.policy.evaluator import has_portfolio
from portal.policy.permissions import APPOINTED, NetworkLevel
from portal.policy.reach import Actor
from portal.text.language import LazyString, gettext
from portal.text.language import lazy_gettext as _

if TYPE_CHECKING:
    from portal.models.users.any_membership import AnyMembership


class Refusals(NamedTuple):
    """The sentences that speak of the kind of place; the rules are the same at both."""

    not_managing: LazyString
    oneself: LazyString
    is_appointed: LazyString
    is_above: LazyString
    must_be_appointed: LazyString
    gives_too_much: LazyString


AT_SCHOOL = Refusals(
    not_managing=_("You do not manage the users of this school."),
    oneself=_("Nobody changes their own access level. Ask another admin of the school."),
    is_appointed=_("The School Admin comes from the staff file. Only the operator can correct that."),
    is_above=_("This access level is above your own."),
    must_be_appointed=_("School Admin is not given here: it comes from the staff file."),
    gives_too_much=_("Nobody can give an access level that grants more than their own."),
)
AT_NETWORK = Refusals(
    not_managing=_("You do not manage the users of this network."),
    oneself=_("Nobody changes their own access level. Ask another admin of the network."),
    is_appointed=_("A Network Admin is appointed by the operator, who alone can correct that."),
    is_above=_("This person's access reaches farther than your own."),
    must_be_appointed=_("Network Admin is not given here: the operator appoints them."),
    gives_too_much=_("Nobody can give access that reaches farther than their own."),
)


def objection_to_person(row: "AnyMembership", *, by: Actor, own: Access) -> str | None:
    """Return why `by`, who holds `own` at that place, may not change this person's access; none when they may."""
    refusals = _refusals_for(own)
    if not own.manages_users:
        return str(refusals.not_managing)
    if row.staff_id == by.id:
        return str(refusals.oneself)
    if row.access_level in APPOINTED:
        return str(refusals.is_appointed)
    if row.staff.is_closed():
        return gettext("This account is blocked everywhere. Only the operator can open it again.")
    return None if own.covers(row.access) else str(refusals.is_above)


def objection_to_access(to: Access, *, own: Access) -> str | None:
    """Return why somebody who holds `own` may not give `to` to anybody there; none when they may."""
    refusals = _refusals_for(own)
    if to.level in APPOINTED:
        return str(refusals.must_be_appointed)
    if has_portfolio(to.level) and not to.portfolio.is_all and not to.portfolio.school_ids:
        return gettext("Choose at least one school, or all schools.")
    return None if own.may_give(to) else str(refusals.gives_too_much)


def schools_to_give(network: Network, own: Access) -> Sequence[School]:
    """Return the schools that somebody who holds `own` may put into a portfolio, by name."""
    schools = select(School).join(NetworkSchool, NetworkSchool.school_id == School.id)
    schools = schools.where(NetworkSchool.network_id == network.id, School.is_on_roster())
    if has_portfolio(own.level) and not own.portfolio.is_all:
        schools = schools.where(School.id.in_(own.portfolio.school_ids))
    return db.session.scalars(schools.order_by(School.name, School.id)).all()


def _refusals_for(own: Access) -> Refusals:
    return AT_NETWORK if isinstance(own.level, NetworkLevel) else AT_SCHOOL
