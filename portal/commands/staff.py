"""`portal staff` and `portal invite`: correct or invite staff accounts, each time recorded as the operator's act."""

import click
from sqlalchemy import select

from portal import db
from portal.commands.lookups import staff_with_email
from portal.commands.readiness import opened
from portal.config import Settings
from portal.db import Refused
from portal.models import Event, EventKind, Membership, MessageKind, OutboxMessage, School, Staff
from portal.models.accounts import staff as staff_account
from portal.models.users.level_change import appoint_admin, block


@click.group("staff")
def staff() -> None:
    """Who works where at which access level; School Admins, blocked accounts, lost second factors."""


@staff.command("list")
@click.option("--school", "identifier", help="Only those of one school, by its identifier in the roster.")
def list_(identifier: str | None) -> None:
    """Print every member of staff with their school, access level and what stands in the way."""
    with opened(Settings.read()):
        rows = select(Membership).join(Membership.school).join(Membership.staff)
        if identifier:
            rows = rows.where(Membership.school_id == _school(identifier).id)
        for row in db.session.scalars(rows.order_by(School.name, Staff.sort_key, Membership.id)):
            click.echo(_line(row))


@staff.command()
@click.argument("email")
@click.option("--school", "identifier", required=True, help="Its identifier in the roster.")
def appoint(email: str, identifier: str) -> None:
    """Make somebody School Admin, where the staff file does not say it or says it wrongly."""
    with opened(Settings.read()), db.writing():
        person = staff_with_email(email)
        school = _school(identifier)
        is_new = appoint_admin(person, school)
        others = _other_admins(person, school)
    click.echo(f"{person.name} is {'now' if is_new else 'already'} School Admin of {school.name}.")
    if others:
        click.echo(
            f"So are: {', '.join(others)}. To end that: portal staff block EMAIL --school {identifier}"
        )


@staff.command("block")
@click.argument("email")
@click.option("--school", "identifier", help="Only there: No Access at this school. Otherwise: everywhere.")
def block_(email: str, identifier: str | None) -> None:
    """Take somebody's access away at once, whatever their level. Nothing they did is deleted."""
    with opened(Settings.read()), db.writing():
        person = staff_with_email(email)
        if identifier is None:
            is_new = staff_account.close(person)
            state = "blocked everywhere"
        else:
            school = _school(identifier)
            is_new = block(_membership(person, school))
            state = f"without access at {school.name}"
    click.echo(f"{person.name} is {'now' if is_new else 'already'} {state}.")
    if identifier is None:
        click.echo(f"To undo it: portal staff unblock {email}")


@staff.command()
@click.argument("email")
def unblock(email: str) -> None:
    """Open an account again that was blocked everywhere; access levels are as they were."""
    with opened(Settings.read()), db.writing():
        person = staff_with_email(email)
        is_new = staff_account.reopen(person)
    click.echo(f"{person.name} {'can sign in again' if is_new else 'was not blocked everywhere'}.")


@staff.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """For a lost phone and lost recovery codes: the next sign-in sets up a new second factor.

    Make sure first, face to face or by phone, that it is this person who asks.
    """
    with opened(Settings.read()), db.writing():
        person = staff_with_email(email)
        staff_account.forget_second_factor(person)
    click.echo(f"{person.name} is signed out and sets up a new second factor at the next sign-in.")


@click.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Mail a member of staff a link to choose a password."""
    with opened(Settings.read()), db.writing():
        staff = Staff.with_email(email)
        if staff is None or staff.is_closed():
            raise Refused(f"No staff account has the email {email}. It comes with the roster.")
        Event.record(EventKind.INVITED, about_id=staff.id, source="operator")
        OutboxMessage.post(
            MessageKind.INVITATION, to=staff.email, language=staff.language, account_id=staff.id
        )
    click.echo("The invitation goes out with the next mail of the worker.")


def _school(identifier: str) -> School:
    found = db.session.scalar(select(School).where(School.identifier == identifier))
    if found is None:
        known = [str(each) for each in db.session.scalars(select(School.identifier).limit(10)) if each]
        raise Refused(f"No school has the identifier {identifier}. Some that there are: {', '.join(known)}.")
    return found


def _membership(person: Staff, school: School) -> Membership:
    found = Membership.of(person, school)
    if found is None:
        raise Refused(f"{person.name} does not work at {school.name}.")
    return found


def _other_admins(person: Staff, school: School) -> list[str]:
    """Return the names of the other School Admins there, of whom the operator may not be aware."""
    level = _membership(person, school).level
    same = select(Membership).where(Membership.school_id == school.id, Membership.at_level(level))
    return [row.staff.name for row in db.session.scalars(same) if row.staff_id != person.id]


def _line(row: Membership) -> str:
    notes = {
        "blocked": row.staff.is_closed(),
        "needs review": row.review_since,
        "not on file": row.staff.is_off_file(),
        "added by hand": row.staff.source_id is None,
        "no password yet": row.staff.password_hash is None,
        "no second factor": row.staff.totp_sealed is None,
    }
    said = ", ".join(note for note, applies in notes.items() if applies)
    place = row.school.identifier or row.school.name
    return f"{place:<16}{row.label:<20}{row.staff.email:<40}{row.staff.name}{f'  ({said})' if said else ''}"
