"""What tests of User Management have in common."""

from sqlalchemy import select, update

from portal import db
from portal.models import Account, Membership, SignIn
from tests import rows

USERS = "/settings/users"


def at_work(person: Account) -> Membership:
    return db.session.scalars(select(Membership).filter_by(staff_id=person.id)).one()


def page_of(person: Account) -> str:
    return f"{USERS}/{at_work(person).public_id}"


def level_of(person: Account) -> str:
    held = select(Membership.level).where(Membership.staff_id == person.id)
    return str(db.session.scalar(held))


def let_time_pass(person: Account) -> None:
    """The password was given too long ago."""
    with db.writing():
        own = update(SignIn).where(SignIn.account_id == person.id)
        db.session.execute(own.values(password_given_at=rows.LONG_AGO))
