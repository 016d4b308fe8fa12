"""A small made-up district, which `portal demo` shows and whose people the tests use by name."""

from flask import Flask
from sqlalchemy import exists, select

from portal import db
from portal.demo import (
    attendance,
    district,
    families,
    mailings,
    people,
    records,
    staff,
    supports,
    turnover,
)
from portal.demo.cast import Cast, Passwords
from portal.demo.crowd import add_crowd
from portal.demo.people import People
from portal.models import Network
from portal.models.grid.column import choose_columns

__all__ = ["Cast", "People", "build", "prepare"]

#: The columns of the Data Grid that Otto, of the school office, has chosen.
OTTOS_COLUMNS = (
    "number",
    "grade",
    "homeroom",
    "language",
    "point_attendance",
    "absent",
    "attendance",
    "guardians",
)


def build(*, crowd: bool) -> Cast:
    """Fill an empty database with Maple Valley Schools and its cast, by the same functions as the views use.

    With `crowd`, some 600 more students are added with their teachers and contacts. Needs an app context.
    """
    passwords = Passwords.random_for([*staff.NAMES, *families.GUARDIANS])
    cast = Cast()
    with db.writing():
        district.open_schools(cast)
        staff.add_staff(cast, passwords)
        families.add_students(cast, passwords)
        if crowd:
            add_crowd(cast)
            attendance.add_attendance()
            turnover.add_turnover(cast)
            mailings.print_letters(cast)
        records.set_planning_fields(cast)
        records.write_notes(cast)
        families.restrict_access(cast)
        supports.add_supports(cast)
        choose_columns(cast.otto, OTTOS_COLUMNS)
    if crowd:
        district.add_past_figures()
        mailings.mail_homeroom(cast)
        mailings.add_failed_print(cast)
    return cast


def prepare(app: Flask) -> People:
    """Return who can sign in to the demo and with which password; build the district if the database is empty.

    Raises people.PasswordsMissing when there is a district without the file of its passwords.
    """
    file = app.extensions["settings"].home / people.FILE_NAME
    with app.app_context():
        if not db.session.scalar(select(exists().select_from(Network))):
            people.write(file, people.people_of(build(crowd=True)))
        return people.read(file)
