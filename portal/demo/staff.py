"""Add the staff of the cast: at least one person for each access level."""

from typing import NamedTuple

from portal import db
from portal.demo.cast import Cast, Passwords
from portal.models import Membership, NetworkMembership, PortfolioSchool, Staff, TeachingAssignment
from portal.policy.permissions import AccessLevel, NetworkLevel


class Position(NamedTuple):
    """The position of a member of staff at one school."""

    family_name: str
    title: str
    level: AccessLevel
    school: str


class NetworkPost(NamedTuple):
    """The position of a member of staff at the network."""

    family_name: str
    title: str
    level: NetworkLevel


POSTS = {
    "hana": Position("Novák", "Principal", AccessLevel.SCHOOL_ADMIN, "lincoln"),
    "delia": Position("Marsh", "Deputy Principal", AccessLevel.DELEGATED_ADMIN, "lincoln"),
    "otto": Position("Brandt", "School Secretary", AccessLevel.SCHOOL_WIDE_EDITOR, "lincoln"),
    "vera": Position("Okonkwo", "School Nurse", AccessLevel.SCHOOL_WIDE_VIEWER, "lincoln"),
    "ada": Position("Lindqvist", "Teacher, 2A", AccessLevel.CASELOAD_EDITOR, "lincoln"),
    "carl": Position("Jensen", "Student Teacher, 2A", AccessLevel.CASELOAD_VIEWER, "lincoln"),
    "priya": Position("Raman", "Paraprofessional", AccessLevel.CASELOAD_EDITOR, "lincoln"),
    "nils": Position("Aalto", "Former Librarian", AccessLevel.NO_ACCESS, "lincoln"),
    "sam": Position("Whitfield", "School Secretary", AccessLevel.SCHOOL_WIDE_EDITOR, "riverside"),
    "petra": Position("Sokolova", "Teacher, Science", AccessLevel.CASELOAD_EDITOR, "riverside"),
    "joan": Position("Abernathy", "Principal", AccessLevel.SCHOOL_ADMIN, "jefferson"),
}

NETWORK_POSTS = {
    "nora": NetworkPost("Castellanos", "Superintendent", NetworkLevel.NETWORK_ADMIN),
    "paul": NetworkPost("Iversen", "Elementary Schools Lead", NetworkLevel.NETWORK_AND_SCHOOL),
    "ona": NetworkPost("Petrauskaitė", "Research and Reporting", NetworkLevel.NETWORK_ONLY),
    "nat": NetworkPost("Underhill", "Former Board Clerk", NetworkLevel.NO_ACCESS),
}

NAMES = (*POSTS, *NETWORK_POSTS)

#: Who teaches which class of the cast; caseloads follow from it (rule B9).
TEACHING = (("ada", "class_2a"), ("carl", "class_2a"), ("petra", "science_7a"), ("priya", "resource_room"))


def add_staff(cast: Cast, passwords: Passwords) -> None:
    """Add each person with level, classes and a password, also those at No Access."""
    for name, post in POSTS.items():
        person = _person(cast, passwords, name, post)
        school = getattr(cast, post.school)
        db.session.add(Membership(staff_id=person.id, school_id=school.id, level=post.level.value))
    for name, network_post in NETWORK_POSTS.items():
        person = _person(cast, passwords, name, network_post)
        _join_network(cast, person, network_post.level)
    for name, class_name in TEACHING:
        teacher = getattr(cast, name)
        taught = getattr(cast, class_name)
        db.session.add(TeachingAssignment(staff_id=teacher.id, class_id=taught.id, is_primary=name != "carl"))


def _person(cast: Cast, passwords: Passwords, name: str, post: Position | NetworkPost) -> Staff:
    person: Staff = cast.join(
        name,
        Staff(
            email=f"{name}@example.org",
            given_name=name.title(),
            family_name=post.family_name,
            title=post.title,
            source_id=f"staff-{name}",
            password_hash=passwords[name].hashed,
        ),
    )
    cast.give_password(person, passwords[name].plain)
    return person


def _join_network(cast: Cast, person: Staff, level: NetworkLevel) -> None:
    """Add the person to the network. Only Paul, at Network & School Level, has a portfolio: Lincoln."""
    membership = NetworkMembership(staff_id=person.id, network_id=cast.network.id, level=level.value)
    db.session.add(membership)
    db.session.flush()
    if level is NetworkLevel.NETWORK_AND_SCHOOL:
        db.session.add(PortfolioSchool(network_membership_id=membership.id, school_id=cast.lincoln.id))
