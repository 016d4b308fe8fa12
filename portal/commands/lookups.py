"""Find the school, homeroom or member of staff that a command names, or refuse with the names there are."""

from sqlalchemy import Select, select

from portal import db
from portal.db import Refused
from portal.models import ClassKind, School, SchoolClass, Staff

#: How many schools a refusal lists.
LISTED = 10


def school_named(identifier: str) -> School:
    """Return the school with that short name. Raises Refused, listing some that exist, when there is none."""
    school = db.session.scalar(select(School).filter_by(identifier=identifier))
    if school is None:
        raise Refused(f"There is no school {identifier}. There are: {_list_known_schools()}.")
    return school


def homerooms_named(title: str, *, at: School) -> Select[int]:
    """Select the ids of the homerooms of that title. Raises Refused when there is none."""
    homerooms = select(SchoolClass.id).where(
        SchoolClass.school_id == at.id,
        SchoolClass.kind == ClassKind.HOMEROOM.value,
        SchoolClass.title == title,
        SchoolClass.is_current(),
    )
    if db.session.scalar(homerooms.limit(1)) is None:
        raise Refused(f"There is no homeroom {title} at {at.name}.")
    return homerooms


def staff_with_email(email: str) -> Staff:
    """Return the staff account with that email. Raises Refused when there is none."""
    found = Staff.with_email(email)
    if found is None:
        raise Refused(f"No staff account has the email {email}.")
    return found


def _list_known_schools() -> str:
    known = select(School.identifier).where(School.identifier.is_not(None)).order_by(School.identifier)
    names = [str(name) for name in db.session.scalars(known.limit(LISTED + 1))]
    return ", ".join(names[:LISTED]) + (" and more" if len(names) > LISTED else "")
