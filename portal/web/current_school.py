"""Where a page is: the school or network stands in its address, so two tabs can be in two schools side by side."""

from typing import Any, NamedTuple

from flask import abort, g, request, url_for
from sqlalchemy import Integer, bindparam, select

from portal import db
from portal.models import Account, Network, School
from portal.models.students.choices import schools_of
from portal.policy.permissions import Permission, Scope


class SchoolChoice(NamedTuple):
    """The schools to pick from, by name, and the one this page is about; none when there is nothing to reach."""

    schools: list[School]
    school: School | None


def school_choice(permission: Permission = Permission.VIEW_STUDENT) -> SchoolChoice:
    """Return the school that `?school=` names, else the first by name, of those where the account holds `permission`.

    Answer 404 for any other school. The header shows the school, and its links stay in it.
    """
    asked = request.args.get("school", "")
    schools = schools_of(g.account, permission, first=asked)
    if asked and (not schools or schools[0].public_id != asked):
        abort(404)
    g.school = schools[0] if schools else None
    return SchoolChoice(sorted(schools, key=lambda school: school.name), g.school)


def stay_in_school(permission: Permission = Permission.VIEW_STUDENT) -> None:
    """Keep the school one comes from in the header, for pages about no school in particular."""
    if request.args.get("school") or not reaches_several(g.account):
        school_choice(permission)


def school_for(permission: Permission) -> School:
    """Return the school of `school_choice`, for pages that are always about one. Answer 404 if there is none."""
    school = school_choice(permission).school
    return school or abort(404)


def networks_for(permission: Permission) -> tuple[list[Network], Network | None]:
    """Return the networks where the account holds `permission`, and the one that `?network=` names, else the first.

    They are ordered by name. Answer 404 for any other network.
    """
    ids = [place for reach in g.account.reaches(permission) for place in reach.places]
    networks = list(db.session.scalars(_BY_NAME, {"ids": ids}))
    asked = request.args.get("network", "")
    if not asked:
        return networks, networks[0] if networks else None
    return networks, next((each for each in networks if each.public_id == asked), None) or abort(404)


def network_for(permission: Permission) -> Network:
    """That one network; 404 where there is none."""
    return networks_for(permission)[1] or abort(404)


def current_school() -> School | None:
    """Return the school of this page: the one that was chosen, or that of the row it is about."""
    school: School | None = g.get("school") or getattr(g.get("row"), "school", None)
    return school


def reaches_several(account: Account) -> bool:
    """Whether there is a choice: more than one school or network. Asks no database."""
    return _count_places(account) > 1


def has_to_choose() -> bool:
    """Whether one who may enter several schools is in none: what is about a school begins with picking one."""
    account: Account | None = g.get("account")
    may_enter = account is not None and reaches_several(account) and account.may(Permission.ENTER_SCHOOL)
    return may_enter and current_school() is None


def address_of(endpoint: str, **values: Any) -> str:
    """Return the address of a page. It names the present school for those who could be in another."""
    school = current_school()
    if school and reaches_several(g.account):
        values["school"] = school.public_id
    return url_for(endpoint, **values)


def _count_places(account: Account) -> int:
    """Count the places; a network or portfolio counts as two: itself, and the schools in it."""
    entered = account.reaches(Permission.ENTER_SCHOOL)
    schools = sum(len(reach.places) if reach.scope is Scope.SCHOOL else 1 for reach in entered)
    return schools + sum(len(reach.places) for reach in account.reaches(Permission.VIEW_NETWORK))


_IDS = bindparam("ids", type_=Integer, expanding=True)
_BY_NAME = select(Network).where(Network.id.in_(_IDS)).order_by(Network.name, Network.id)
